/** One metric as Prometheus knows it. Counters only grow; the others are read when somebody asks. */
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
}

type Labels = Readonly<Record<string, string>>;

/** Every metric of a worker. Labels are ids and codes of closed lists, so that none of them grows without bound. */
const METRICS = {
  scans: { name: 'domicile_scans_total', help: 'Reports written, by verdict.', type: 'counter' },
  aborted: {
    name: 'domicile_scans_aborted_total',
    help: 'Runs that ended without a report, by reason.',
    type: 'counter',
  },
  missed: { name: 'domicile_slots_missed_total', help: 'Slots that no run served.', type: 'counter' },
  steps: { name: 'domicile_steps_total', help: 'Steps taken, by step and reason.', type: 'counter' },
  stepSeconds: { name: 'domicile_step_seconds_total', help: 'Time in steps.', type: 'counter' },
  calls: { name: 'domicile_calls_total', help: 'Evidence items collected.', type: 'counter' },
  throttles: {
    name: 'domicile_throttled_calls_total',
    help: 'Evidence items that stayed throttled after every retry.',
    type: 'counter',
  },
  bytes: {
    name: 'domicile_bytes_scanned_total',
    help: 'Bytes received from audited systems.',
    type: 'counter',
  },
  alertFailures: {
    name: 'domicile_alerts_failed_total',
    help: 'Alerts that the webhook did not take.',
    type: 'counter',
  },
  reportAge: {
    name: 'domicile_report_age_seconds',
    help: 'Age of the last report of a deployment.',
    type: 'gauge',
  },
  reportCurrent: {
    name: 'domicile_report_current',
    help: '1 while the last report speaks for today, else 0.',
    type: 'gauge',
  },
  missedNow: {
    name: 'domicile_slots_missed',
    help: 'Missed slots of a deployment in the last month.',
    type: 'gauge',
  },
  queueJobs: { name: 'domicile_queue_jobs', help: 'Jobs in the queue, by state.', type: 'gauge' },
  queueUp: { name: 'domicile_queue_up', help: '1 while the queue answers, else 0.', type: 'gauge' },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricId = keyof typeof METRICS;

/** The numbers of one process. */
export interface MetricBook {
  readonly add: (metric: MetricId, labels: Labels, by?: number) => void;
  readonly set: (metric: MetricId, labels: Labels, value: number) => void;
  /** The Prometheus text exposition format, version 0.0.4. */
  readonly text: () => string;
}

export function createMetricBook(): MetricBook {
  const values = new Map<MetricId, Map<string, number>>();
  const seriesOf = (metric: MetricId): Map<string, number> => {
    const found = values.get(metric) ?? new Map<string, number>();
    values.set(metric, found);
    return found;
  };
  return {
    add: (metric, labels, by = 1) => {
      const series = seriesOf(metric);
      series.set(labelText(labels), (series.get(labelText(labels)) ?? 0) + by);
    },
    set: (metric, labels, value) => void seriesOf(metric).set(labelText(labels), value),
    text: () =>
      Object.entries(METRICS)
        .flatMap(([id, { name, help, type }]) => [
          `# HELP ${name} ${help}`,
          `# TYPE ${name} ${type}`,
          ...[...seriesOf(id as MetricId)].map(([labels, value]) => `${name}${labels} ${value}`),
        ])
        .join('\n')
        .concat('\n'),
  };
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
