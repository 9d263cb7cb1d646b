import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSample } from '../../sim/make-sample.ts';
import { SAMPLE_SEED, SAMPLE_SLOT, SAMPLES } from '../../sim/samples.ts';
import { writeInventory } from '../../sim/write-inventory.ts';
import { temporaryFolder } from '../support/temporary.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const folder = temporaryFolder();
const at = (...names: readonly string[]): string => join(folder, ...names);
const REPORT = '1-bank-eu-20261122T200000Z';

function start(args: readonly string[], variables: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcess): Promise<{ readonly code: number | null; readonly text: string }> {
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, text: Buffer.concat(chunks).toString('utf8') };
}

function audit(out: string): readonly string[] {
  return [
    ...['audit', '--deployment', 'bank-eu', '--inventory', at('inventory', 'deployments.yaml')],
    ...['--evidence', at('export'), '--out', out, '--key', at('key.pem'), '--slot', SAMPLE_SLOT],
  ];
}

beforeAll(async () => {
  writeInventory(at('inventory'), SAMPLES);
  const sample = SAMPLES.find(({ deployment }) => deployment === 'bank-eu');
  if (sample === undefined) throw new Error('expected the sample');
  await writeSample(at('export'), sample, SAMPLE_SEED);
  await ended(start(['keys', 'generate', '--out', at('key.pem')]));
});

describe('the same evidence gives the same bytes', () => {
  it('in another process, zone, language and folder', async () => {
    const { code } = await ended(start(audit(at('reports')), { TZ: 'Asia/Shanghai', LANG: 'zh_CN.UTF-8' }));
    expect(code).toBe(2);
    const report = at('reports', 'bank-eu', REPORT);
    for (const TZ of ['America/St_Johns', 'UTC']) {
      const { code: same, text } = await ended(start(['replay', report], { TZ, LANG: 'de_DE.UTF-8' }));
      expect({ same, text }).toEqual({ same: 0, text: expect.stringContaining('byte for byte') as string });
    }
  });

  it('and a changed result is shown, with the place', async () => {
    const path = at('reports', 'bank-eu', REPORT, 'result.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"verdict":"inconclusive"', '"verdict":"pass"'));
    const replay = await ended(start(['replay', at('reports', 'bank-eu', REPORT)]));
    expect(replay.code).toBe(1);
    expect(replay.text).toContain('verdict');
    writeFileSync(path, text);
  });
});

describe('Ctrl-C', () => {
  let silent: Server;
  beforeAll(async () => {
    // A database that takes connections and never says a word.
    silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(() => silent.close());

  it('ends a run that waits, leaves no report and says so in the ledger', async () => {
    const { port } = silent.address() as AddressInfo;
    const child = start(audit(at('interrupted')), {
      BANK_EU_DATABASE_URL: `postgres://reader@127.0.0.1:${port}/gateway?sslmode=disable`,
    });
    const outcome = ended(child);
    await once(silent, 'connection');
    child.kill('SIGINT');
    const { code, text } = await outcome;
    expect({ code, text }).toEqual({ code: 130, text: expect.stringContaining('cancelled') as string });
    const left = readdirSync(at('interrupted', 'bank-eu')).sort();
    expect(left).toEqual(['.lease', 'ledger.jsonl']);
    expect(readFileSync(at('interrupted', 'bank-eu', 'ledger.jsonl'), 'utf8')).toContain('"why":"CANCELLED"');
    expect(existsSync(at('interrupted', 'index.html'))).toBe(false);
  });
});

describe('standard output', () => {
  it('may be closed by its reader', async () => {
    const child = start(['flows', at('export'), '--json']);
    child.stdout?.destroy();
    const { text } = await ended(child);
    expect(text).not.toContain('EPIPE');
  });
});
