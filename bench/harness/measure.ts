import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { PreparedBench, Program } from './bench.ts';
import type { Usage } from './statistics.ts';
import { medianUsage, withoutStart } from './statistics.ts';

const ROOT = dirname(dirname(import.meta.dirname));
const HOOK = join(import.meta.dirname, 'usage-hook.mjs');

/** Runs a program once. */
export type RunOnce = (
  program: Program,
  args: readonly string[],
) => Promise<{ readonly usage: Usage; readonly output: string }>;

/** What the runs of a bench cost: medians over all rounds, start-up taken off where it is known. */
export interface Measured {
  readonly medians: ReadonlyMap<string, Usage>;
  /** Start-up included, for those that read seconds. */
  readonly whole: ReadonlyMap<string, Usage>;
}

/**
 * Measures in turns (A B A B …): what else the machine does falls on all runs alike, and the ratios stand.
 *
 * @throws Error where a program fails, or runs that must print the same do not.
 */
export async function measure(
  bench: PreparedBench,
  rounds: number,
  runOnce: RunOnce = runProgram,
): Promise<Measured> {
  const usages = new Map<string, Usage[]>();
  const note = (name: string, usage: Usage): void => {
    usages.set(name, [...(usages.get(name) ?? []), usage]);
  };
  for (let round = 0; round < rounds; round += 1) {
    const outputs = new Map<string, string>();
    for (const [name, program] of Object.entries(bench.runs)) {
      const { usage, output } = await runOnce(program, program.args);
      note(name, usage);
      outputs.set(name, output);
      if (program.idle !== undefined) note(idleName(name), (await runOnce(program, program.idle)).usage);
    }
    const answers = new Set((bench.same ?? []).map((name) => outputs.get(name)));
    if (answers.size > 1) throw new Error(`expected the same answer of ${bench.same?.join(', ')}`);
  }
  const whole = new Map([...usages].map(([name, list]) => [name, medianUsage(list)]));
  const medians = Object.keys(bench.runs).map((name): [string, Usage] => {
    const usage = whole.get(name) ?? medianUsage([]);
    const idle = whole.get(idleName(name));
    return [name, idle === undefined ? usage : withoutStart(usage, idle)];
  });
  return { medians: new Map(medians), whole };
}

function idleName(name: string): string {
  return `${name}, idle`;
}

async function runProgram(
  { file, exits = 0 }: Program,
  args: readonly string[],
): Promise<{ readonly usage: Usage; readonly output: string }> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', HOOK, join(ROOT, file), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const texts = Promise.all(
    [child.stdout, child.stderr, child.stdio[3]].map((stream) => textOf(stream as Readable)),
  );
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('exit', done);
  });
  const wall = (performance.now() - started) / 1000;
  const [output = '', complaint = '', report = ''] = await texts;
  if (code !== exits) throw new Error(`expected ${file} to end with ${exits}, found ${code}: ${complaint}`);
  const { cpu, rss } = JSON.parse(report) as Omit<Usage, 'wall'>;
  return { usage: { cpu, wall, rss }, output };
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
