import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TinyFolder } from '../../test/support/tiny-site.ts';
import type { TinySettings } from '../../test/worker/tiny-workplace.ts';

/**
 * `scan-queue.ts FOLDER URL SCANS`: two worker processes scan the first SCANS deployments of a folder's inventory;
 * all the others are scheduled and not due. With `-` for the URL two processes do the same without a queue.
 */
const [folderText = '', queueUrl = '', scansText = '0'] = process.argv.slice(2);
const made = JSON.parse(folderText) as TinyFolder;
const scans = Number(scansText);
const SLOT = '2026-11-23T20:00:00Z';
const PROCESSES = 2;

const work = mkdtempSync(join(tmpdir(), 'domicile-bench-queue-'));
const folder: TinyFolder = { ...made, root: join(work, 'reports') };
const clock = join(work, 'clock');
writeFileSync(clock, '2026-11-23T20:05:00Z');
for (const deployment of folder.deployments.slice(scans)) serve(deployment);
for (const deployment of folder.deployments.slice(0, scans))
  mkdirSync(join(folder.root, deployment), { recursive: true });

// Each item of a source takes as long as an answer from another city does.
const settings: TinySettings = { folder, clock, pauseMs: 20, toolVersion: '1.0.0', words: '', broken: '' };
const children = Array.from({ length: PROCESSES }, (_, index) => startOne(index));
try {
  await Promise.all(children.map(ready));
  for (const child of children) child.send('go');
  while (reportCount() < scans) await wait(25);
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(work, { recursive: true, force: true });
}

function startOne(index: number): ChildProcess {
  const argument = JSON.stringify({ settings, queueUrl, index, processes: PROCESSES, scans, slot: SLOT });
  return fork(join(import.meta.dirname, 'scan-worker.ts'), [argument], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((done, failed) => {
    child.once('message', () => done());
    child.once('exit', (code) => failed(new Error(`expected a worker to start, found exit ${code}`)));
  });
}

/** Its slot was served: nothing is due. */
function serve(deployment: string): void {
  const path = join(folder.root, deployment);
  mkdirSync(path, { recursive: true });
  const runId = `${deployment}-20261123T200000Z`;
  const at = '2026-11-23T20:01:00Z';
  const lines = [
    { type: 'started', runId, slot: SLOT, at },
    { type: 'aborted', runId, at, why: 'CANCELLED' },
  ];
  writeFileSync(join(path, 'ledger.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function reportCount(): number {
  return folder.deployments
    .slice(0, scans)
    .filter((deployment) => readdirSync(join(folder.root, deployment)).some((name) => name.startsWith('1-')))
    .length;
}
