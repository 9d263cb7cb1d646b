import type { Workplace } from '../audit/index.ts';
import { DomicileError } from '../core/index.ts';
import { queueBackend } from './queue/backend.ts';
import type { DialRule } from './queue/guarded-dial.ts';
import { dialOwn } from './queue/guarded-dial.ts';
import { openStepQueue } from './queue/step-queue.ts';
import { createRunKeeper } from './runs.ts';
import { deploymentsOf, jurisdictionName, scheduleEntries } from './served.ts';
import type { WorkerState } from './state.ts';
import { createWorkerState } from './state.ts';
import { createStepTaker } from './step-taker.ts';
import { openStepPool } from './steps/step-pool.ts';
import { createAlerter } from './watch/alerts.ts';
import type { WatchServer } from './watch/http.ts';
import { serveWatch } from './watch/http.ts';
import type { Log } from './watch/log.ts';
import { createMetricBook } from './watch/metrics.ts';
import { watchPages } from './watch/pages.ts';
import type { WorkerParts, WorkerSettings, WorkerTiming } from './worker-parts.ts';

export const WORKER_TIMING: WorkerTiming = {
  tickMs: 30_000,
  lookAgainMs: 15 * 60_000,
  lateMs: 30_000,
  handBackMs: 15_000,
  graceMs: 30_000,
  lockMs: 30_000,
  stalledMs: 15_000,
  backoffMs: 5_000,
  alertPauses: [2_000, 10_000, 60_000],
};

/** A worker that runs. */
export interface RunningWorker {
  /** Where health and metrics are served; undefined where they are not. */
  readonly watchPort: number | undefined;
  /** Finishes what it does or hands it back, and goes. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a worker of one jurisdiction. It serves the deployments of its inventory with exactly these countries.
 * A queue that does not answer is waited for; nothing that is due is lost meanwhile.
 *
 * @throws DomicileError `BAD_INPUT` where the inventory has no such deployment, `EGRESS_REFUSED` where the queue is
 * outside the jurisdiction, `UNREACHABLE` where the port for health and metrics is taken.
 */
export async function startWorker(
  place: Workplace,
  settings: WorkerSettings,
  log: Log,
): Promise<RunningWorker> {
  const served = deploymentsOf(place.site.project, settings.jurisdiction);
  const rule = dialRule(place, settings, log);
  const backend = queueBackend(settings.queueUrl, rule);
  const metrics = createMetricBook();
  const stopping = new AbortController();
  const webhook = settings.alertWebhook;
  const alert = createAlerter(
    webhook === undefined ? undefined : { url: webhook, rule, pauses: settings.timing.alertPauses },
    log,
    () => metrics.add('alertFailures', {}),
  );
  await requireAllowed(backend.address, rule);

  const pool = await openStepPool(settings.thread, settings.concurrency);
  const queue = openStepQueue(backend, jurisdictionName(settings.jurisdiction), settings.timing, (why) =>
    log('warning', 'queue-trouble', { why }),
  );
  const runs = createRunKeeper(place, served, settings.timing);
  const parts: WorkerParts = {
    place,
    settings,
    queue,
    pool,
    runs,
    alert,
    metrics,
    log,
    stopping: stopping.signal,
  };
  let watch: WatchServer | undefined;
  try {
    const state = createWorkerState();
    if (settings.watch !== undefined) {
      const { host, port } = settings.watch;
      watch = await serveWatch(host, port, watchPages(parts, served, state));
    }
    const take = createStepTaker(parts, served, state);
    const work = queue.work(take, settings.concurrency);
    const ticking = tick(parts, served, state);
    log('info', 'worker-started', {
      jurisdiction: queue.name,
      count: served.length,
      ...(watch === undefined ? {} : { port: watch.port }),
    });
    return {
      watchPort: watch?.port,
      stop: async () => {
        stopping.abort();
        log('info', 'worker-stopping');
        const grace = setTimeout(() => pool.cancel(), settings.timing.graceMs);
        const closed = work.close(false).catch(() => undefined);
        // A queue that is down hears of nothing; what was under way is found again by its ledger.
        await within(closed, settings.timing.graceMs + (state.isQueueUp() ? 15_000 : 2_000));
        clearTimeout(grace);
        await ticking;
        if (state.takeUnlisted()) await within(pool.take({ step: 'index' }), 5_000);
        await pool.close();
        await within(
          queue.close().catch(() => undefined),
          5_000,
        );
        await watch?.close();
        log('info', 'worker-stopped');
      },
    };
  } catch (error) {
    await pool.close();
    await within(
      queue.close().catch(() => undefined),
      5_000,
    );
    throw error;
  }
}

/** Looks around until the worker stops: schedules that went missing, slots that are due, leases that must not expire. */
async function tick(
  parts: WorkerParts,
  served: ReturnType<typeof deploymentsOf>,
  state: WorkerState,
): Promise<void> {
  const { pool, queue, runs, metrics, settings, log, stopping } = parts;
  while (!stopping.aborted) {
    try {
      await runs.keepAll();
      const missing = await queue.ensureSchedules(scheduleEntries(served));
      if (missing > 0) {
        log('info', 'schedules-restored', { count: missing });
        // They are missing on the first start, or because the queue was emptied, and runs with them.
        runs.lookAtAll();
      }
      await lookAround(parts, state);
      if (!state.isQueueUp()) log('info', 'queue-up');
      state.setQueueUp(true);
    } catch (error) {
      const why = error instanceof DomicileError ? error.code : 'INTERNAL';
      if (state.isQueueUp()) log('error', 'queue-down', { why });
      state.setQueueUp(false);
    }
    if (state.takeUnlisted()) await pool.take({ step: 'index' });
    metrics.set('queueUp', {}, state.isQueueUp() ? 1 : 0);
    await pause(settings.timing.tickMs, stopping);
  }
}

/** Asks the ledgers of those deployments whose time has come, and queues a look at each where something is due. */
async function lookAround(
  { place, pool, queue, runs, log, stopping }: WorkerParts,
  state: WorkerState,
): Promise<void> {
  const now = place.site.clock.now();
  const deployments = runs.toLookAt(now);
  if (deployments.length === 0) return;
  const looked = await pool.take({ step: 'look', deployments });
  if (looked.kind !== 'looked') return;
  for (const deployment of looked.due) {
    if (stopping.aborted) return;
    await queue.nudge(deployment);
  }
  const behind = new Set(looked.behind);
  for (const deployment of deployments) {
    runs.looked(deployment, now);
    if (state.noteClock(deployment, behind.has(deployment))) log('error', 'clock-off', { deployment });
  }
}

function dialRule(place: Workplace, { jurisdiction }: WorkerSettings, log: Log): DialRule {
  return {
    countries: jurisdiction,
    locator: place.site.project.locator,
    clock: place.site.clock,
    onConnection: ({ purpose, host, port, address, location, decision, outcome, code }) =>
      log(decision === 'allowed' && outcome === 'connected' ? 'info' : 'warning', 'connection', {
        step: purpose,
        host,
        port,
        address,
        country: location.country ?? location.kind,
        why: decision === 'allowed' ? (code === '' ? outcome : code) : decision,
      }),
  };
}

/** A queue abroad is refused before anything starts; one that does not answer may come up later. */
async function requireAllowed(
  { host, port }: { readonly host: string; readonly port: number },
  rule: DialRule,
): Promise<void> {
  try {
    (await dialOwn(rule, host, port, 'queue')).destroy();
  } catch (error) {
    if (error instanceof DomicileError && error.code === 'UNREACHABLE') return;
    throw error;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
    function finish(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      done();
    }
  });
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    work,
    new Promise<void>((done) => {
      timer = setTimeout(done, ms);
    }),
  ]);
  clearTimeout(timer);
}
