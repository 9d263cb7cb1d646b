import type { Claim } from './statistics.ts';

/** A TypeScript file of this checkout, run by this Node in a process of its own. */
export interface Program {
  /** From the root of the checkout. */
  readonly file: string;
  readonly args: readonly string[];
  /** The same program with nothing to do: what its start costs is taken off. */
  readonly idle?: readonly string[];
  /** Its exit code where that is not 0. */
  readonly exits?: number;
}

/** What a description gets to prepare with. */
export interface BenchContext {
  /** 1 is the quick default; data grow with it. */
  readonly scale: number;
  /** A folder for generated data, kept from one call to the next. */
  readonly cache: string;
}

/** Something to measure: what runs, in turns, and what the figures are held against. */
export interface PreparedBench {
  /** By name; the order is the order of the turns. */
  readonly runs: Readonly<Record<string, Program>>;
  readonly claims: readonly Claim[];
  /** Runs that must print the same: a fast answer that is another answer is none. */
  readonly same?: readonly string[];
  readonly close?: () => Promise<void>;
}

/**
 * One entry of the bench: a file `bench/NAME.bench.ts` that exports it as `bench`. It says what to run, and does
 * not measure: `bench/run.ts` does, for all alike.
 */
export interface Bench {
  readonly title: string;
  readonly prepare: (context: BenchContext) => Promise<PreparedBench>;
}
