/** A small generator of numbers: the same seed gives the same network on every machine and in every run. */
export interface Random {
  /** A whole number from 0 up to, not including, `limit`. */
  readonly below: (limit: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(items: readonly [T, ...T[]]) => T;
  /** One of a list that may be empty. */
  readonly any: <T>(items: readonly T[]) => T | undefined;
}

/** Tommy Ettinger's mulberry32, which is public domain. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)] ?? items[0],
    any: (items) => items[below(items.length)],
  };
}

/** Numbers every object of a network, in the manner of AWS: `vpc-` and 17 digits. */
export function idsOf(): (kind: string) => string {
  let last = 0;
  return (kind) => {
    last += 1;
    return `${kind}-${last.toString(16).padStart(17, '0')}`;
  };
}
