import { describe, expect, it } from 'vitest';
import type { PreparedBench } from '../../bench/harness/bench.ts';
import { measure } from '../../bench/harness/measure.ts';
import type { Usage } from '../../bench/harness/statistics.ts';
import { judge, median } from '../../bench/harness/statistics.ts';

/** Figures that are given out in turn, and a note of who asked. */
function scripted(figures: Readonly<Record<string, readonly number[]>>) {
  const asked: string[] = [];
  const left = new Map(Object.entries(figures).map(([name, list]) => [name, [...list]]));
  const runOnce = async (program: { readonly file: string }, args: readonly string[]) => {
    const name = [program.file, ...args].join(' ').trim();
    asked.push(name);
    const cpu = left.get(name)?.shift() ?? Number.NaN;
    return { usage: { cpu, wall: cpu * 2, rss: 100 + cpu }, output: '42' };
  };
  return { asked, runOnce };
}

const BENCH: PreparedBench = {
  runs: { base: { file: 'base', args: [], idle: ['idle'] }, ours: { file: 'ours', args: [] } },
  same: ['base', 'ours'],
  claims: [],
};

describe('the bench', () => {
  it('takes the middle of its measurements', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(() => median([])).toThrow('found none');
  });

  it('runs everything in turns, and takes the cost of the start off', async () => {
    const { asked, runOnce } = scripted({ base: [3, 30, 4], 'base idle': [1, 1, 9], ours: [6, 7, 50] });
    const { medians, whole } = await measure(BENCH, 3, runOnce);
    expect(asked.slice(0, 6)).toEqual(['base', 'base idle', 'ours', 'base', 'base idle', 'ours']);
    expect(medians.get('base')).toEqual({ cpu: 3, wall: 6, rss: 104 });
    expect(medians.get('ours')).toEqual({ cpu: 7, wall: 14, rss: 107 });
    expect(whole.get('base')?.cpu).toBe(4);
  });

  it('refuses a run that gives another answer', async () => {
    const runOnce = async (program: { readonly file: string }) => ({
      usage: { cpu: 1, wall: 1, rss: 1 },
      output: program.file,
    });
    await expect(measure(BENCH, 1, runOnce)).rejects.toThrow('the same answer of base, ours');
  });

  it('holds ratios and figures against their budgets', () => {
    const medians = new Map<string, Usage>([
      ['base', { cpu: 2, wall: 3, rss: 80 }],
      ['ours', { cpu: 3, wall: 9, rss: 256 }],
    ]);
    expect(judge({ measure: 'cpu', of: 'ours', to: 'base', atMost: 1.5 }, medians)).toEqual({
      name: 'cpu of ours / base',
      measure: 'cpu',
      baseline: 2,
      ours: 3,
      ratio: 1.5,
      budget: 1.5,
      met: true,
    });
    expect(judge({ measure: 'wall', of: 'ours', to: 'base', atMost: 2.9 }, medians).met).toBe(false);
    expect(judge({ measure: 'rss', of: 'ours', atMost: 256 }, medians)).toMatchObject({
      ratio: null,
      met: true,
    });
    expect(() => judge({ measure: 'cpu', of: 'theirs', atMost: 1 }, medians)).toThrow('theirs');
  });
});

describe('a measured program', () => {
  const one = (args: readonly string[], exits?: number): PreparedBench => ({
    runs: { it: { file: 'test/bench/fixtures/program.ts', args, ...(exits === undefined ? {} : { exits }) } },
    claims: [],
  });

  it('reports its own processor time and memory, whatever they are', async () => {
    const { medians } = await measure(one(['busy']), 1);
    const { cpu, wall, rss } = medians.get('it') ?? { cpu: 0, wall: 0, rss: 0 };
    expect([cpu, wall, rss].every((figure) => figure > 0)).toBe(true);
  });

  it('must end as expected', async () => {
    await expect(measure(one(['fail']), 1)).rejects.toThrow('to end with 0, found 3');
    expect((await measure(one(['fail'], 3), 1)).medians.has('it')).toBe(true);
  });
});
