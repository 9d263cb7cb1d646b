import { constants, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflateInKernel } from '../../../src/scan/flow-log/gzip-object.ts';
import { createKernel } from '../../../src/scan/flow-log/kernel.ts';

const LIMIT = 1 << 20;
const kernel = createKernel(10, { endpoint: () => -1, address: () => -1, span: () => undefined });

/** What our own decoder makes of bytes; `undefined` where it leaves them to zlib. */
function inflated(bytes: Uint8Array): Buffer | undefined {
  const text = inflateInKernel(kernel, bytes, LIMIT);
  return text && Buffer.from(Buffer.from(kernel.memory.buffer, text.at, text.length));
}

function byZlib(bytes: Uint8Array): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: LIMIT });
  } catch {
    return undefined;
  }
}

/** Bytes of every sort: random, of few letters, with repetitions near and far, long runs. */
const content = fc
  .tuple(fc.constantFrom('random', 'letters', 'repeats', 'runs'), fc.nat(70_000), fc.nat())
  .map(([kind, length, seed]) => {
    const bytes = Buffer.alloc(length);
    let state = seed | 1;
    const next = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    let run = 0;
    for (let at = 0; at < length; at += 1) {
      if (run > 0 || (kind === 'repeats' && at > 40_000))
        bytes[at] = bytes[Math.max(0, at - 1 - next(run > 0 ? 1 : 33_000))] ?? 0;
      else bytes[at] = kind === 'letters' ? 97 + next(4) : next(256);
      run = run > 0 ? run - 1 : kind === 'runs' && next(20) === 0 ? next(600) : 0;
    }
    return bytes;
  });

const settings = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
});

describe('the kernel inflates', () => {
  it('what any deflater makes', () => {
    fc.assert(
      fc.property(content, settings, (bytes, options) => {
        expect(inflated(gzipSync(bytes, options))?.equals(bytes)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('nothing that zlib refuses, and nothing else than zlib', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        content,
        settings,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        fc.nat(40),
        (bytes, options, changes, cut) => {
          const zipped = gzipSync(bytes.subarray(0, 3000), options);
          for (const [at, value] of changes) zipped[at % zipped.length] = value;
          const damaged = zipped.subarray(0, cut < 20 ? zipped.length : zipped.length - (cut - 20));
          const own = inflated(damaged);
          if (own === undefined) return;
          accepted += 1;
          expect(byZlib(damaged)?.equals(own)).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  it('deflate streams with valid trailers around damaged codes: only what zlib accepts', () => {
    // The checksum would catch these; that the decoder itself survives them is what is shown here.
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (noise) => {
        const bytes = Buffer.concat([
          Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
          noise,
          Buffer.alloc(8),
        ]);
        const own = inflated(bytes);
        if (own !== undefined) expect(byZlib(bytes)?.equals(own)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('members one after the other, where the last is the largest', () => {
    const members = ['a', 'bb', 'c'.repeat(5000)].map((text) => gzipSync(text));
    expect(inflated(Buffer.concat(members))?.length).toBe(5003);
  });

  it('no more than the limit', () => {
    expect(inflated(gzipSync(Buffer.alloc(LIMIT + 1)))).toBeUndefined();
    const lying = gzipSync(Buffer.alloc(LIMIT * 3));
    lying.writeUInt32LE(5, lying.length - 4);
    expect(inflated(lying)).toBeUndefined();
  });
});
