import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../sim/random.ts';
import { inParallel } from '../../src/collection/in-parallel.ts';
import { createLogReduction } from '../../src/collection/log-reduction.ts';
import { canonicalJson } from '../../src/core/index.ts';
import type { FlowAggregate } from '../../src/evidence/index.ts';
import { FLOW_LOG_LIMITS } from '../../src/scan/index.ts';

/** Stored bytes that are worth threads. */
const MANY = 8 * 1024 * 1024;
/** Large ones and small ones, which a thread gets by the dozen. */
const OBJECTS = Array.from({ length: 60 }, (_, index) => madeObject(index));

/** A copy, since a reduction takes the bytes over. */
function logObject(index: number): { readonly key: string; readonly bytes: Uint8Array } {
  const [key, bytes] = OBJECTS[index % OBJECTS.length] ?? ['', new Uint8Array()];
  return { key, bytes: new Uint8Array(bytes) };
}

function madeObject(index: number): readonly [key: string, bytes: Uint8Array] {
  const random = createRandom(index);
  const lines = Array.from({ length: index % 12 < 2 ? 12_000 : 300 }, () => {
    const start = 1_700_000_000 + index * 300 + random.below(240);
    const peer = `${random.below(20)}.${random.below(20)}.1.1`;
    return `2 123456789012 eni-0${random.below(8)}23456789abcdef0 10.0.0.1 ${peer} ${random.below(2000) + 32_000} 443 6 ${random.below(99)} ${random.below(1e6)} ${start} ${start + 59} ACCEPT OK`;
  });
  const text = lines.join('\n');
  return [`log-${index}`, index % 2 === 0 ? Buffer.from(text) : gzipSync(text)];
}

async function reduced(threads: number, rows = FLOW_LOG_LIMITS.rows): Promise<FlowAggregate> {
  const reduction = createLogReduction({ limits: { ...FLOW_LOG_LIMITS, rows }, threads, expected: MANY });
  try {
    await inParallel([...OBJECTS.keys()], 32, async (index) => reduction.add(logObject(index)));
    return await reduction.finish();
  } finally {
    await reduction.close();
  }
}

describe('log objects reduced in threads', () => {
  it('give the same bytes, however many threads there are', async () => {
    const alone = canonicalJson(await reduced(0));
    expect(alone.length).toBeGreaterThan(100_000);
    for (const threads of [1, 2]) expect(canonicalJson(await reduced(threads))).toBe(alone);
  });

  it('are refused beyond the limit, in every number of threads alike', async () => {
    for (const threads of [0, 1, 2]) {
      await expect(reduced(threads, 1000)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    }
  });

  it('may not come twice, whoever read them', async () => {
    for (const threads of [0, 2]) {
      const reduction = createLogReduction({ limits: FLOW_LOG_LIMITS, threads, expected: MANY });
      for (const index of [4, 0, 2, 6, 8, 1, 4]) await reduction.add(logObject(index));
      await expect(reduction.finish()).rejects.toMatchObject({ code: 'BAD_INPUT' });
      await reduction.close();
    }
  });

  it('can be given up at any time', async () => {
    const reduction = createLogReduction({ limits: FLOW_LOG_LIMITS, threads: 2, expected: MANY });
    for (const index of [0, 2, 4, 6, 8]) await reduction.add(logObject(index));
    const pending = reduction.add(logObject(1));
    pending.catch(() => undefined);
    await reduction.close();
    await expect(pending.then(() => reduction.add(logObject(2)))).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});
