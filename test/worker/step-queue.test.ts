import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { StepQueue } from '../../src/worker/index.ts';
import { openStepQueue, queueBackend } from '../../src/worker/index.ts';
import type { JobTry, JobVerdict } from '../../src/worker/queue/step-queue.ts';
import type { StepJob } from '../../src/worker/step.ts';
import type { QueueServer } from './queue-servers.ts';
import { QUEUE_KINDS } from './queue-servers.ts';

const TIMING = { lockMs: 2_000, stalledMs: 500, backoffMs: 20 };
const RUN = 'acme-cn-20261123T200000Z';
const DONE = { kind: 'complete', why: 'DONE' } as const;
const DAILY = { deployment: 'acme-cn', cron: '0 4 * * *', timeZone: 'Asia/Shanghai' };

describe.each(QUEUE_KINDS)('a queue of steps on $kind', ({ kind, present, start }) => {
  if (!present) {
    test.skip(`${kind} is not on this machine`);
    return;
  }
  let server: QueueServer;
  const open: { close: (force: boolean) => Promise<void> }[] = [];
  let names = 0;

  beforeAll(async () => {
    server = await start();
  });
  afterEach(async () => {
    for (const one of open.splice(0).toReversed()) await one.close(true);
  });
  afterAll(() => server.stop());

  function queue(name = `Q${(names += 1)}`): StepQueue {
    const rule = {
      countries: [],
      locator: { locate: () => never() },
      clock: { now: () => Date.now() },
      onConnection: () => undefined,
    };
    const made = openStepQueue(queueBackend(server.url, rule), name, TIMING, () => undefined);
    open.push({ close: () => made.close() });
    return made;
  }

  /** Works on a queue until `enough` of its jobs were taken. */
  async function taken(
    from: StepQueue,
    enough: number,
    answer: (job: StepJob, attempt: JobTry, count: number) => JobVerdict = () => DONE,
  ): Promise<readonly StepJob[]> {
    const jobs: StepJob[] = [];
    let enoughTaken = (): void => undefined;
    const waiting = new Promise<void>((done) => {
      enoughTaken = done;
    });
    const work = from.work(async (job, attempt) => {
      jobs.push(job);
      if (jobs.length >= enough) setTimeout(enoughTaken, 50);
      return answer(job, attempt, jobs.length);
    }, 1);
    open.push(work);
    await waiting;
    await work.close(false);
    return jobs;
  }

  test('collects every source before it finishes, and leaves nothing behind', async () => {
    const steps = queue();
    await steps.addRun(RUN, ['database/gateway', 'export']);
    expect(await steps.isLive(RUN)).toBe(true);
    const jobs = await taken(steps, 3);
    expect(jobs.slice(0, 2).toSorted((left, right) => (left.shard < right.shard ? -1 : 1))).toEqual([
      { v: 1, runId: RUN, step: 'collect', shard: 'database/gateway' },
      { v: 1, runId: RUN, step: 'collect', shard: 'export' },
    ]);
    expect(jobs[2]).toEqual({ v: 1, runId: RUN, step: 'finish', shard: '' });
    expect(await steps.isLive(RUN)).toBe(false);
    expect(Object.values(await steps.depth()).every((count) => count === 0)).toBe(true);
  });

  test('sources of the end are read one after the other, when all others were', async () => {
    const steps = queue();
    await steps.addRun(RUN, ['one', 'two'], ['one/end', 'two/end']);
    const shards = (await taken(steps, 5)).map(({ shard }) => shard);
    expect(shards.slice(2)).toEqual(['one/end', 'two/end', '']);
  });

  test('a run without sources is finished at once', async () => {
    const steps = queue();
    await steps.addRun(RUN, []);
    expect((await taken(steps, 1)).map(({ step }) => step)).toEqual(['finish']);
  });

  test('a run that is added twice is done once, and can be added again when it is gone', async () => {
    const steps = queue();
    await steps.addRun(RUN, ['one']);
    await Promise.all([steps.addRun(RUN, ['one']), steps.addRun(RUN, ['one'])]);
    expect(await taken(steps, 2)).toHaveLength(2);
    expect(await steps.isLive(RUN)).toBe(false);
    await steps.addRun(RUN, ['one']);
    expect(await steps.isLive(RUN)).toBe(true);
  });

  test('one request to look at a deployment waits at a time', async () => {
    const steps = queue();
    for (let time = 0; time < 5; time += 1) await steps.nudge('acme-cn');
    expect(await steps.depth()).toMatchObject({ waiting: 1 });
    expect(await taken(steps, 1)).toEqual([{ v: 1, runId: 'acme-cn', step: 'due', shard: '' }]);
    await steps.nudge('acme-cn');
    expect(await steps.depth()).not.toMatchObject({ failed: 1 });
  });

  test('what fails is tried again, and the last try is told that it is the last', async () => {
    const steps = queue();
    await steps.nudge('acme-cn');
    const lasts: boolean[] = [];
    await taken(steps, 5, (_, { last }) => {
      lasts.push(last);
      return { kind: 'retry', why: 'STORAGE' };
    });
    expect(lasts).toEqual([false, false, false, false, true]);
  });

  test('what is handed back costs no try', async () => {
    const steps = queue();
    await steps.nudge('acme-cn');
    const lasts: boolean[] = [];
    await taken(steps, 8, (_, { last }) => {
      lasts.push(last);
      return { kind: 'later', why: 'OTHER_INPUTS', ms: 10 };
    });
    expect(lasts.includes(true)).toBe(false);
  });

  test('a source whose worker gave up does not keep the run from its end', async () => {
    const steps = queue();
    await steps.addRun(RUN, ['one', 'two']);
    const jobs = await taken(steps, 7, ({ shard }) =>
      shard === 'one' ? { kind: 'retry', why: 'INTERNAL' } : DONE,
    );
    expect(jobs.at(-1)?.step).toBe('finish');
  });

  test('schedules are added, replaced and removed', async () => {
    const steps = queue();
    const bank = { deployment: 'bank-eu', cron: '30 2 * * *', timeZone: 'Europe/Berlin' };
    expect(await steps.syncSchedules([DAILY, bank])).toEqual({
      added: ['acme-cn', 'bank-eu'],
      replaced: [],
      removed: [],
      kept: 0,
    });
    const later = { ...DAILY, timeZone: 'Asia/Urumqi' };
    expect(await steps.syncSchedules([later])).toEqual({
      added: [],
      replaced: ['acme-cn'],
      removed: ['bank-eu'],
      kept: 0,
    });
    expect(await steps.schedules()).toEqual([later]);
    expect(await steps.syncSchedules([later])).toMatchObject({ kept: 1, replaced: [] });
  });

  test('a schedule that is due asks for a look, without a slot of its own', async () => {
    const steps = queue();
    await steps.syncSchedules([{ ...DAILY, cron: '* * * * * *', timeZone: 'UTC' }]);
    expect((await taken(steps, 2))[1]).toEqual({ v: 1, runId: 'acme-cn', step: 'due', shard: '' });
    await steps.syncSchedules([]);
  });

  test('emptied while workers are connected, it takes schedules and runs again', async () => {
    const steps = queue();
    await steps.syncSchedules([DAILY]);
    await steps.addRun(RUN, ['one']);
    await server.empty();
    expect(await steps.isLive(RUN)).toBe(false);
    expect(await steps.ensureSchedules([DAILY])).toBe(1);
    expect(await steps.ensureSchedules([DAILY])).toBe(0);
    await steps.addRun(RUN, ['one']);
    expect(await taken(steps, 2)).toHaveLength(2);
  });

  test('a job of another form is refused and goes', async () => {
    const steps = queue();
    await steps.addRun('not a run', []).catch(() => undefined);
    const { Queue } = await import('bullmq');
    const { connection, factory } = queueBackend(server.url, {
      countries: [],
      locator: { locate: () => never() },
      clock: { now: () => Date.now() },
      onConnection: () => undefined,
    });
    const options = { connection, prefix: 'domicile' };
    const raw =
      factory === undefined ? new Queue(steps.name, options) : new Queue(steps.name, options, factory);
    await raw.add('due', { v: 1, runId: 'acme-cn', step: 'due', shard: '', rows: ['a prompt'] });
    await steps.nudge('acme-cn');
    expect((await taken(steps, 1)).map(({ step }) => step)).toEqual(['due']);
    await raw.close();
  });

  test('a queue of another name is not touched', async () => {
    const [one, other] = [queue(), queue()];
    await one.nudge('acme-cn');
    expect(await other.depth()).toMatchObject({ waiting: 0 });
  });
});

function never(): never {
  throw new Error('expected only loopback addresses');
}
