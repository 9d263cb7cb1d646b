import type { TimeWindow } from '../core/index.ts';
import { logObjectTimes } from './flow-aggregate.ts';

/** How AWS lays flow-log objects out (VPC user guide, flow logs to S3). */
export interface LogLayout {
  /** Before the region's own folder. */
  readonly regions: string;
  readonly region: (name: string) => string;
  readonly day: (date: LogDay) => string;
}

/** A day (UTC) as the folders name it, with leading zeros. */
export interface LogDay {
  readonly year: string;
  readonly month: string;
  readonly day: string;
}

/** Plain folders, or Hive partitions: a flow log has one of them, and nobody says which before looking. */
export function logLayouts(account: string, prefix: string | undefined): readonly LogLayout[] {
  const root = flowLogRoot(prefix);
  return [
    {
      regions: `${root}AWSLogs/${account}/vpcflowlogs/`,
      region: (name) => `${name}/`,
      day: ({ year, month, day }) => `${year}/${month}/${day}/`,
    },
    {
      regions: `${root}AWSLogs/aws-account-id=${account}/aws-service=vpcflowlogs/`,
      region: (name) => `aws-region=${name}/`,
      day: ({ year, month, day }) => `year=${year}/month=${month}/day=${day}/`,
    },
  ];
}

/** What stands before `AWSLogs/` in the keys; the inventory may name it with that folder or without. */
export function flowLogRoot(prefix: string | undefined): string {
  const root = (prefix ?? '').replace(/AWSLogs(?:\/.*)?$/, '');
  return root === '' || root.endsWith('/') ? root : `${root}/`;
}

const DAY_SECONDS = 86_400;

/** Days of the names that objects with records of a window can have. */
export function logDays(window: TimeWindow): readonly LogDay[] {
  const [from, to] = logObjectTimes(window);
  const days: LogDay[] = [];
  for (let day = Math.floor(from / DAY_SECONDS); day * DAY_SECONDS < to; day += 1) {
    const text = new Date(day * DAY_SECONDS * 1000).toISOString();
    days.push({ year: text.slice(0, 4), month: text.slice(5, 7), day: text.slice(8, 10) });
  }
  return days;
}
