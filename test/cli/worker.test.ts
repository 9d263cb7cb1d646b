import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { writeSample } from '../../sim/make-sample.ts';
import type { EmbeddedPostgres } from '../../sim/postgres.ts';
import { startPostgres } from '../../sim/postgres.ts';
import { SAMPLE_SEED, SAMPLES } from '../../sim/samples.ts';
import { writeInventory } from '../../sim/write-inventory.ts';
import { outputFaults } from '../support/output-schemas.ts';
import { domicile } from '../support/shell.ts';
import { temporaryFolder } from '../support/temporary.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const folder = temporaryFolder();
const at = (...names: readonly string[]): string => join(folder, ...names);
const INVENTORY = ['--inventory', at('inventory', 'deployments.yaml')];
const SAMPLE = 'bank-eu';
let server: EmbeddedPostgres;
let queue: Record<string, string>;

beforeAll(async () => {
  server = await startPostgres();
  queue = { QUEUE_URL: server.url() };
  writeInventory(at('inventory'), SAMPLES);
  await domicile(['keys', 'generate', '--out', at('key.pem'), '--demo']);
});
afterAll(() => server.stop());

/** The one printed document, held against its published schema. */
async function answered(schema: string, args: readonly string[]): Promise<Record<string, unknown>> {
  const { exitCode, out, notes } = await domicile([...args, '--json'], { variables: queue });
  expect({ exitCode, notes }).toEqual({ exitCode: 0, notes: [] });
  expect(outputFaults(schema, out[0] ?? '')).toEqual([]);
  return JSON.parse(out[0] ?? '') as Record<string, unknown>;
}

describe('schedule', () => {
  it('sync brings the schedules in, each to the queue of its jurisdiction', async () => {
    const { queues } = await answered('schedule-sync', ['schedule', 'sync', ...INVENTORY]);
    expect(queues).toMatchObject([
      { jurisdiction: 'CN', added: ['acme-cn'] },
      { jurisdiction: 'SG', added: ['global-sg'] },
      { jurisdiction: 'DE', added: ['bank-eu'] },
    ]);
    const again = await answered('schedule-sync', ['schedule', 'sync', ...INVENTORY]);
    expect(again['queues']).toMatchObject([{ added: [], kept: 1 }, { kept: 1 }, { kept: 1 }]);
  });

  it('list tells what differs, and when the next slot is by our own reckoning', async () => {
    changeSchedule('0 5 * * *');
    const { schedules } = await answered('schedule-list', ['schedule', 'list', ...INVENTORY]);
    expect(schedules).toMatchObject([
      { deployment: 'acme-cn', state: 'same', next: '2026-11-23T20:00:00Z' },
      { deployment: 'global-sg', state: 'same' },
      { deployment: 'bank-eu', state: 'other', cron: '0 5 * * *', next: '2026-11-23T04:00:00Z' },
    ]);
    const synced = await answered('schedule-sync', ['schedule', 'sync', ...INVENTORY]);
    expect(synced['queues']).toMatchObject([{}, {}, { replaced: ['bank-eu'] }]);
    changeSchedule('0 21 * * *');
  });

  it('a jurisdiction that the inventory no longer has is emptied by name', async () => {
    const only = ['--jurisdiction', 'CN', '--inventory', at('fewer', 'deployments.yaml')];
    writeFewer();
    const { queues } = await answered('schedule-sync', ['schedule', 'sync', ...only]);
    expect(queues).toMatchObject([{ jurisdiction: 'CN', removed: ['acme-cn'] }]);
  });

  it('a cron expression that is none is an error of the inventory, with its place', async () => {
    changeSchedule('0 25 * * *');
    const { exitCode, notes } = await domicile(['schedule', 'sync', ...INVENTORY], { variables: queue });
    expect(exitCode).toBe(65);
    expect(notes.join('\n')).toMatch(/deployments\.yaml:\d+:\d+ .*cron|hour/);
    changeSchedule('0 21 * * *');
  });

  it('without QUEUE_URL, or with a queue that does not answer, says so', async () => {
    const unset = await domicile(['schedule', 'list', ...INVENTORY]);
    expect(unset).toMatchObject({ exitCode: 65 });
    expect(unset.notes.join()).toContain('QUEUE_URL');
    const variables = { QUEUE_URL: 'postgres://postgres:secret@127.0.0.1:1/postgres' };
    const silent = await domicile(['schedule', 'list', ...INVENTORY], { variables });
    expect(silent.exitCode).toBe(69);
    expect(silent.notes.join()).not.toContain('secret');
  });
});

describe('worker and status', () => {
  it('a worker scans what is due from an export folder, and stops when it is asked to', async () => {
    const sample = SAMPLES.find(({ deployment }) => deployment === SAMPLE);
    if (sample === undefined) throw new Error('expected the sample');
    await writeSample(at('exports', SAMPLE), sample, SAMPLE_SEED);
    const before = await answered('status', ['status', ...INVENTORY, '--out', at('reports')]);
    expect(before['deployments']).toMatchObject([{}, {}, { deployment: SAMPLE, last: null, running: null }]);

    const worker = startWorker(['--jurisdiction', 'DE', '--exports', at('exports'), '--concurrency', '1']);
    await worker.says('"event":"report"');
    expect(await worker.stop()).toBe(0);
    expect(worker.log()).toContain('"verdict":"inconclusive"');
    const after = await answered('status', ['status', ...INVENTORY, '--out', at('reports')]);
    expect(after['deployments']).toMatchObject([{ last: null }, {}, { last: { sequence: 1 } }]);
    const result = readFileSync(at('reports', 'index.html'), 'utf8');
    expect(result).toContain(SAMPLE);
  }, 120_000);

  it('a jurisdiction without deployments is an error that names those there are', async () => {
    const worker = startWorker(['--jurisdiction', 'FR']);
    expect(await worker.ended).toBe(65);
    expect(worker.log()).toContain('CN, SG, DE');
  }, 60_000);
});

interface WorkerProcess {
  readonly ended: Promise<number>;
  readonly log: () => string;
  readonly says: (text: string) => Promise<void>;
  readonly stop: () => Promise<number>;
}

/** `domicile worker` as it is run, in a process of its own. */
function startWorker(args: readonly string[]): WorkerProcess {
  const common = [...INVENTORY, '--out', at('reports'), '--key', at('key.pem'), '--watch-port', '0'];
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'domicile.mjs'), 'worker', ...args, ...common], {
    env: { ...queue, PATH: '', BANK_EU_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  const waiting: (() => void)[] = [];
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (const look of waiting) look();
  });
  const ended = new Promise<number>((done) => child.once('exit', (code) => done(code ?? -1)));
  return {
    ended,
    log: () => text,
    says: (words) =>
      new Promise((done, failed) => {
        const look = (): void => {
          if (text.includes(words)) done();
        };
        waiting.push(look);
        look();
        void ended.then((code) => failed(new Error(`expected ${words}, found exit ${code}: ${text}`)));
      }),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function changeSchedule(cron: string): void {
  const path = at('inventory', 'deployments.yaml');
  const text = readFileSync(path, 'utf8');
  const inventory = parse(text) as { deployments: { id: string; schedule: { cron: string } }[] };
  for (const deployment of inventory.deployments)
    if (deployment.id === SAMPLE) deployment.schedule.cron = cron;
  writeFileSync(path, stringify(inventory));
}

function writeFewer(): void {
  const inventory = parse(readFileSync(at('inventory', 'deployments.yaml'), 'utf8')) as {
    deployments: { id: string }[];
  };
  const deployments = inventory.deployments.filter(({ id }) => id !== 'acme-cn');
  mkdirSync(at('fewer'), { recursive: true });
  writeFileSync(at('fewer', 'deployments.yaml'), stringify({ ...inventory, deployments }));
}
