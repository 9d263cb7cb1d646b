import type { VerifyOutcome } from './verify-report.ts';

/** What the reader accepts and demands besides a genuine report. */
export interface VerifyDemands {
  /** Marks that the reader accepts, such as `demo-key`. */
  readonly accept: readonly string[];
  /** Whether the verdict must be `pass`. */
  readonly requirePass: boolean;
}

/** What a verification means for the caller. */
export interface VerifyConclusion {
  readonly exitCode: 0 | 1 | 2;
  readonly why: string;
}

/**
 * 0: genuine, whatever the verdict inside. 1: not genuine. 2: genuine, but not to be relied on for a reason
 * that was not accepted; or made by a later version, so that this one cannot tell. A demanded verdict that is
 * not there is 1.
 */
export function concludeVerification(
  { steps, genuine }: VerifyOutcome,
  demands: VerifyDemands,
): VerifyConclusion {
  if (genuine === undefined) {
    const stopped = steps.find(({ status }) => status === 'failed' || status === 'unknown');
    const why = `${stopped?.id ?? 'unknown'}: ${stopped?.detail ?? ''}`;
    return stopped?.status === 'unknown'
      ? { exitCode: 2, why: `cannot tell: ${why}` }
      : { exitCode: 1, why: `not genuine: ${why}` };
  }
  if (demands.requirePass && genuine.verdict !== 'pass') {
    return { exitCode: 1, why: `genuine, but the verdict is ${genuine.verdict} and pass was required` };
  }
  const refused = genuine.marks.filter((mark) => !demands.accept.includes(mark));
  if (refused.length > 0) return { exitCode: 2, why: `genuine, but not for reliance: ${refused.join(', ')}` };
  return { exitCode: 0, why: `genuine; verdict ${genuine.verdict}` };
}
