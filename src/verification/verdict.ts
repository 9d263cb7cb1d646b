import type { DeploymentVerdict, JsonObject } from '../core/index.ts';

/** What a signed predicate concludes. */
export interface SignedVerdict {
  readonly verdict: DeploymentVerdict;
  /** Why the report is not for reliance. A mark that this reader does not know counts like any other. */
  readonly marks: readonly string[];
}

const VERDICTS: readonly DeploymentVerdict[] = ['pass', 'pass-with-waivers', 'inconclusive', 'fail'];

/** The verdict and marks of a predicate, or `undefined` where it has none: no marks are an empty list, never nothing. */
export function readVerdict(predicate: JsonObject): SignedVerdict | undefined {
  const verdict = VERDICTS.find((one) => one === predicate['verdict']);
  const marks = predicate['marks'];
  if (verdict === undefined || !Array.isArray(marks)) return undefined;
  const texts = marks.filter((mark) => typeof mark === 'string');
  return texts.length === marks.length ? { verdict, marks: texts } : undefined;
}
