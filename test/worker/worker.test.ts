import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runAudit } from '../../src/audit/index.ts';
import { sha256Hex } from '../../src/core/index.ts';
import { markersFor, searchText } from '../support/marker-search.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { tinyFolder, tinyProject, tinyRequest, tinySigner, tinySite } from '../support/tiny-site.ts';
import type { QueueServer } from './queue-servers.ts';
import { QUEUE_KINDS } from './queue-servers.ts';
import type { FleetWorker, TinyFleet } from './tiny-fleet.ts';
import { tinyFleet } from './tiny-fleet.ts';
import { tinySources } from './tiny-workplace.ts';

const MONDAY = '2026-11-23T20:00:00Z';
const TUESDAY = '2026-11-24T20:00:00Z';
const FRIDAY = '2026-11-27T20:00:00Z';
/** Stands in every item that is collected, and in the message of an error. */
const MARKERS = markersFor(['evidence'], 20_261_124);
const WORDS = String(MARKERS[0]?.text);
const later = (slot: string): string => slot.replace('20:00:00', '20:05:00');

// Real processes: on a machine that does other things too, each takes seconds to start.
// Whole processes race real servers here: on a busy machine one can be slower than the test's own patience, so a
// test is tried again. What must hold under any timing stands in kill.test.ts, which is tried once.
describe.each(QUEUE_KINDS)('workers on $kind', { timeout: 120_000, retry: 2 }, ({ kind, present, start }) => {
  if (!present) {
    test.skip(`${kind} is not on this machine`);
    return;
  }
  const temporary = temporaryFolder();
  let server: QueueServer;
  let fleet: TinyFleet;
  let used = 0;

  beforeAll(async () => {
    server = await start();
  });
  beforeEach(async () => {
    await server.empty();
    fleet = await freshFleet(3);
  });
  afterEach(() => fleet.stopAll());
  afterAll(() => server.stop());

  async function freshFleet(deployments: number, pauseMs = 5): Promise<TinyFleet> {
    used += 1;
    return tinyFleet(await tinyFolder(join(temporary, String(used)), deployments), server.url, pauseMs);
  }

  const names = (): readonly string[] => fleet.settings.folder.deployments;
  const reportFolder = (of: TinyFleet, deployment: string): string => {
    const folder = join(of.settings.folder.root, deployment);
    return join(folder, String(readdirSync(folder).find((name) => name.startsWith('1-'))));
  };

  test('every deployment gets the report of its slot, and the page lists it', async () => {
    fleet.at(later(MONDAY));
    const worker = await fleet.start();
    await fleet.settled(MONDAY);
    for (const deployment of names()) {
      const { reports } = await fleet.history(deployment);
      expect(reports.map(({ slot }) => slot)).toEqual([MONDAY]);
    }
    await until(() => existsSync(join(fleet.settings.folder.root, 'index.html')));
    expect(await worker.stop()).toBe(0);
  });

  test('one worker, four workers and the command line write the same bytes', async () => {
    const others = await freshFleet(3);
    for (const one of [fleet, others]) one.at(later(MONDAY));
    const alone = await fleet.start({}, 1);
    await fleet.settled(MONDAY);
    await alone.stop();
    await server.empty();
    await Promise.all([1, 2, 3, 4].map(() => others.start({}, 1)));
    await others.settled(MONDAY);
    await others.stopAll();

    const { folder } = fleet.settings;
    const site = tinySite({ ...folder, root: `${folder.root}-cli` }, await tinyProject(folder), {
      now: () => Date.parse(later(MONDAY)),
    });
    for (const deployment of names()) {
      const run = { request: tinyRequest(deployment, MONDAY), signer: await tinySigner(folder) };
      const sources = tinySources(async () => undefined, '', false);
      const byHand = (await runAudit({ site, sources, ...run })).folder;
      const of = [byHand, reportFolder(fleet, deployment), reportFolder(others, deployment)];
      expect(new Set(of.map((path) => sha256Hex(readFileSync(join(path, 'result.json'))))).size).toBe(1);
      expect(new Set(of.map((path) => unsigned(readFileSync(join(path, 'statement.dsse.json'))))).size).toBe(
        1,
      );
    }
  });

  test('slots of days without a worker: the newest is scanned late, the next report states the others', async () => {
    fleet.at(later(MONDAY));
    const worker = await fleet.start();
    await fleet.settled(MONDAY);
    await worker.stop();
    fleet.at(later(FRIDAY));
    const next = await fleet.start();
    await fleet.settled(FRIDAY);
    const [deployment = ''] = names();
    const { reports } = await fleet.history(deployment);
    expect(reports.map(({ slot }) => slot)).toEqual([MONDAY, FRIDAY]);
    const path = join(fleet.settings.folder.root, deployment, String(reports[1]?.folder), 'result.json');
    const { run } = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly run: { readonly scans: { readonly missed: readonly string[] } };
    };
    expect(run.scans.missed).toEqual(
      ['2026-11-24', '2026-11-25', '2026-11-26'].map((day) => `${day}T20:00:00Z`),
    );
    await until(() => next.log().filter(({ verdict }) => verdict === 'missed').length === 9);
  });

  test('a source that breaks ends its run with a code, and no word of anything is in queue, logs or metrics', async () => {
    const [broken = ''] = names();
    fleet.at(later(MONDAY));
    const worker = await fleet.start({ words: WORDS, broken });
    const dumps: string[] = [];
    const watching = (async () => {
      for (let time = 0; time < 12; time += 1) {
        dumps.push(await server.dump());
        await wait(100);
      }
    })();
    await fleet.settled(MONDAY);
    await watching;
    const { runs, reports } = await fleet.history(broken);
    expect(runs.at(-1)).toMatchObject({ type: 'aborted', why: 'INTERNAL' });
    expect(reports).toEqual([]);
    // The ledger knows a moment before the worker has counted.
    const counts = ['aborted_total{why="INTERNAL"} 1', 'scans_total{verdict="pass"} 2'];
    let metrics = '';
    await until(async () => {
      metrics = (await watched(worker, 'metrics')).body;
      return counts.every((count) => metrics.includes(count));
    });

    const told = [...dumps, await server.dump(), worker.logText(), metrics].join('\n');
    expect(searchText('queue, logs and metrics', told, MARKERS)).toEqual([]);
    expect(told).toContain('tiny-1-20261123T200000Z');
    // The search can find: the words are in the evidence, and a job that had them would show.
    const evidence = join(reportFolder(fleet, String(names()[1])), 'evidence');
    const item = readdirSync(evidence, { recursive: true, encoding: 'utf8' }).find((name) =>
      /ec2\.vpcs.*\.json$/.test(name),
    );
    const kept = readFileSync(join(evidence, String(item)), 'utf8');
    expect(searchText('evidence', kept, MARKERS)).not.toEqual([]);
  });

  test('health and metrics say how it is', async () => {
    fleet.at(later(MONDAY));
    const worker = await fleet.start();
    await fleet.settled(MONDAY);
    await until(async () => (await watched(worker, 'health')).status === 200);
    await until(async () => (await watched(worker, 'metrics')).body.includes('{verdict="pass"} 3'));
    const { body } = await watched(worker, 'metrics');
    expect(body).toMatch(/^domicile_report_age_seconds\{deployment="tiny-1"\} \d+$/m);
    expect(body).toMatch(/^domicile_queue_jobs\{state="delayed"\} 3$/m);
    expect(body).toMatch(/^domicile_calls_total 27$/m);
    expect((await watched(worker, 'other')).status).toBe(404);
  });

  test('emptied in the middle of scans, nothing is lost but time', async () => {
    fleet = await freshFleet(4, 60);
    fleet.at(later(MONDAY));
    await fleet.start();
    await fleet.start();
    for (let time = 0; time < 3; time += 1) {
      await wait(250);
      await server.empty();
    }
    await fleet.settled(MONDAY);
    for (const deployment of names()) {
      const { reports } = await fleet.history(deployment);
      expect(reports.map(({ slot }) => slot)).toEqual([MONDAY]);
    }
  });

  test('asked to stop in the middle of a step, it hands the step back and another worker finishes', async () => {
    fleet = await freshFleet(1, 700);
    fleet.at(later(MONDAY));
    const first = await fleet.start();
    await until(() => isCollecting(first));
    expect(await first.stop()).toBe(0);
    expect((await fleet.history('tiny-1')).reports).toEqual([]);
    await fleet.start({ pauseMs: 5 });
    await fleet.settled(MONDAY);
    const { runs, reports } = await fleet.history('tiny-1');
    expect(reports).toHaveLength(1);
    expect(runs.map(({ type }) => type)).toEqual(['started']);
  });

  test('a worker of another version leaves the run to its own, and ends it when none comes', async () => {
    fleet = await freshFleet(1, 500);
    fleet.at(later(MONDAY));
    const first = await fleet.start();
    await until(() => isCollecting(first));
    await first.kill();
    const newer = await fleet.start({ toolVersion: '2.0.0', pauseMs: 5 });
    await until(() => newer.log().some(({ why }) => why === 'OTHER_INPUTS'));
    expect((await fleet.history('tiny-1')).runs.map(({ type }) => type)).toEqual(['started']);

    const own = await fleet.start({ pauseMs: 5 });
    await fleet.settled(MONDAY);
    expect((await fleet.history('tiny-1')).reports).toHaveLength(1);
    await own.stop();

    // The same on the next day, and its own version never comes back.
    fleet.at(later(TUESDAY));
    await fleet.settled(TUESDAY);
    expect((await fleet.history('tiny-1')).reports).toHaveLength(2);
  });

  test('a run that only another version could finish is ended after ten minutes, and said to be', async () => {
    fleet = await freshFleet(1, 500);
    fleet.at(later(MONDAY));
    const first = await fleet.start();
    await until(() => isCollecting(first));
    await first.kill();
    fleet.at('2026-11-23T20:20:00Z');
    await fleet.start({ toolVersion: '2.0.0', pauseMs: 5 });
    await fleet.settled(MONDAY);
    const { runs, reports } = await fleet.history('tiny-1');
    expect(reports).toEqual([]);
    expect(runs.at(-1)).toMatchObject({ type: 'aborted', why: 'OTHER_INPUTS' });
  });

  test('a clock that stands before the last report begins nothing, and health says so', async () => {
    fleet.at(later(TUESDAY));
    const worker = await fleet.start();
    await fleet.settled(TUESDAY);
    await worker.stop();
    fleet.at(later(MONDAY));
    const next = await fleet.start();
    await until(async () => (await watched(next, 'health')).body.includes('CLOCK_OFF'));
    for (const deployment of names()) expect((await fleet.history(deployment)).runs).toHaveLength(1);
    fleet.at('2026-11-24T20:06:00Z');
    await until(async () => (await watched(next, 'health')).status === 200);
  });

  test('a disk that takes nothing ends no run quietly, and the slot is scanned when there is room', async () => {
    const [full = '', ...others] = names();
    fleet.at(later(MONDAY));
    // A file where the deployment's folder belongs: every write fails, whoever runs this.
    const folder = fleet.settings.folder.root;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, full), '');
    const worker = await fleet.start();
    await until(() => worker.log().some(({ deployment, why }) => deployment === full && why === 'STORAGE'));
    for (const deployment of others) {
      await until(async () => (await fleet.history(deployment)).reports.length === 1);
    }
    rmSync(join(folder, full));
    // The clock of these tests stands still: a worker looks again at a deployment when time has passed.
    fleet.at(new Date(Date.parse(later(MONDAY)) + 3_600_000).toISOString());
    await fleet.settled(MONDAY);
    expect((await fleet.history(full)).reports).toHaveLength(1);
  });
});

/** The step that begins the run is done, so its inputs are fixed; its sources take longer than a look. */
function isCollecting(worker: FleetWorker): boolean {
  return worker.log().some(({ step, why }) => step === 'due' && why === 'DONE');
}

async function watched(
  { watchPort }: FleetWorker,
  page: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(`http://127.0.0.1:${watchPort}/${page}`);
  return { status: response.status, body: await response.text() };
}

async function until(holds: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('expected it to come true in time');
    await wait(50);
  }
}

function unsigned(envelope: Buffer): string {
  return (JSON.parse(envelope.toString()) as { readonly payload: string }).payload;
}
