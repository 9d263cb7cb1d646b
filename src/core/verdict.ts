/** What a control can be. `not-applicable` follows only from the inventory or the policy. */
export type ControlVerdict = 'pass' | 'fail' | 'inconclusive' | 'not-applicable';

/** What a deployment can be. */
export type DeploymentVerdict = 'pass' | 'pass-with-waivers' | 'inconclusive' | 'fail';

/** What the roll-up needs to know of one control. */
export interface VerdictInput {
  readonly verdict: ControlVerdict;
  /** True where every finding of a failed control has an accepted exception. */
  readonly waived: boolean;
  /** How many things the control could not see, findings or not. */
  readonly reasons: number;
}

/**
 * The verdict of one control. A finding on evidence that was seen stands, whatever else was not seen;
 * without findings, a single reason forbids the pass.
 */
export function controlVerdict(findings: number, reasons: number): ControlVerdict {
  if (findings > 0) return 'fail';
  return reasons > 0 ? 'inconclusive' : 'pass';
}

/**
 * The verdict of a deployment: any unwaived fail fails; else anything unseen is inconclusive, also behind a
 * waiver (an exception covers what was found, not what was not looked at); no pass at all proves nothing.
 */
export function rollUp(controls: readonly VerdictInput[]): DeploymentVerdict {
  if (controls.some((control) => control.verdict === 'fail' && !control.waived)) return 'fail';
  if (
    controls.some((control) => control.verdict === 'inconclusive' || (control.waived && control.reasons > 0))
  ) {
    return 'inconclusive';
  }
  if (!controls.some((control) => control.verdict === 'pass')) return 'inconclusive';
  return controls.some((control) => control.waived) ? 'pass-with-waivers' : 'pass';
}

const SEVERITY_OF_VERDICT: Readonly<Record<DeploymentVerdict, number>> = {
  pass: 0,
  'pass-with-waivers': 1,
  inconclusive: 2,
  fail: 3,
};

/** The worst of several deployments' verdicts; `inconclusive` for none, since nothing was shown. */
export function worstVerdict(verdicts: readonly DeploymentVerdict[]): DeploymentVerdict {
  const [first, ...rest] = verdicts;
  if (first === undefined) return 'inconclusive';
  return rest.reduce(
    (worst, next) => (SEVERITY_OF_VERDICT[next] > SEVERITY_OF_VERDICT[worst] ? next : worst),
    first,
  );
}
