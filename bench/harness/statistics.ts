/** What one run of a program cost. */
export interface Usage {
  /** User and system seconds of the process, all threads. */
  readonly cpu: number;
  /** Seconds from start to end. */
  readonly wall: number;
  /** Peak resident set, in MiB. */
  readonly rss: number;
}

export type Measure = keyof Usage;

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const ordered = [...values].sort((left, right) => left - right);
  const middle = ordered.length >> 1;
  const upper = ordered[middle];
  if (upper === undefined) throw new Error('expected measurements, found none');
  return ordered.length % 2 === 1 ? upper : (upper + (ordered[middle - 1] ?? upper)) / 2;
}

export function medianUsage(usages: readonly Usage[]): Usage {
  const of = (measure: Measure): number => median(usages.map((usage) => usage[measure]));
  return { cpu: of('cpu'), wall: of('wall'), rss: of('rss') };
}

/** What is left of a usage without what the program costs when it has nothing to do. Memory is not a cost that adds up. */
export function withoutStart(usage: Usage, idle: Usage): Usage {
  return { cpu: usage.cpu - idle.cpu, wall: usage.wall - idle.wall, rss: usage.rss };
}

/**
 * A budget: `measure` of the run `of`, divided by that of the run `to` where there is one, is at most `atMost`.
 * Without `to` it is a figure of its own: seconds, or MiB.
 */
export interface Claim {
  readonly measure: Measure;
  readonly of: string;
  readonly to?: string;
  readonly atMost: number;
}

/** A claim held against what was measured. `ratio` is of medians; null where the claim has no baseline. */
export interface JudgedClaim {
  readonly name: string;
  readonly measure: Measure;
  readonly baseline: number | null;
  readonly ours: number;
  readonly ratio: number | null;
  readonly budget: number;
  readonly met: boolean;
}

export function judge(claim: Claim, medians: ReadonlyMap<string, Usage>): JudgedClaim {
  const figure = (run: string): number => {
    const usage = medians.get(run);
    if (usage === undefined) throw new Error(`expected a run named ${run}, found none`);
    return usage[claim.measure];
  };
  const ours = figure(claim.of);
  const baseline = claim.to === undefined ? null : figure(claim.to);
  const ratio = baseline === null ? null : ours / baseline;
  return {
    name: `${claim.measure} of ${claim.of}${claim.to === undefined ? '' : ` / ${claim.to}`}`,
    measure: claim.measure,
    baseline,
    ours,
    ratio,
    budget: claim.atMost,
    met: (ratio ?? ours) <= claim.atMost,
  };
}
