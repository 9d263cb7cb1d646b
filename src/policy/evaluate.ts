import { byCodeUnit, controlVerdict, DomicileError } from '../core/index.ts';
import type { LoadedEvidence, Need, ViewSource } from '../evidence/index.ts';
import { completeness, createView, itemsOf, needName } from '../evidence/index.ts';
import type { Locator } from '../geo/index.ts';
import { CATALOGUE, isWaivable } from './catalogue.ts';
import type { Check, CheckContext, CheckWords, Outcome, TextValues } from './check.ts';
import type { CheckRegistry } from './checks/registry.ts';
import { toDisclosures, toFindings } from './finding.ts';
import type { Policy, PolicyControl } from './model.ts';
import { fillText, missingWord } from './outcome-text.ts';
import type { BilingualText, CanaryResult, ControlResult, CoverageLine, Reason } from './result.ts';

/** Everything that the verdicts of one run follow from. */
export interface EvaluationInput extends ViewSource {
  readonly policies: readonly Policy[];
  readonly checks: CheckRegistry;
  readonly locator: Locator;
  /** Evidence older than this at the end of the window is stale. */
  readonly maxAgeHours: number;
  /** When the run started: evidence cannot be from long after it. */
  readonly startedAt?: string;
}

/**
 * The verdict of every control of every policy, before waivers.
 *
 * The check says what it saw. What it could not be shown is added here, from the evidence's own record, so
 * that no check can forget it; a check that throws or misses its canary is inconclusive.
 */
export function evaluate(input: EvaluationInput): readonly ControlResult[] {
  return input.policies.flatMap((policy) =>
    policy.controls.map((control) => evaluateControl(input, policy, control)),
  );
}

function evaluateControl(input: EvaluationInput, policy: Policy, control: PolicyControl): ControlResult {
  const id = `${policy.id}/${control.id}`;
  const check = input.checks.get(control.check);
  const base = {
    id,
    policy: policy.id,
    control: control.id,
    check: control.check,
    title: control.title,
    severity: control.severity,
    parameters: control.parameters,
    waived: false,
    waivable: isWaivable(control.check),
    legal: control.legal,
  };
  if (check === undefined) {
    const reason: Reason = {
      code: 'NOT_IMPLEMENTED',
      scope: control.check,
      detail: 'this version has no such check',
    };
    return {
      ...base,
      ...NOTHING_SHOWN,
      claim: CATALOGUE[control.check],
      verdict: 'inconclusive',
      reasons: [reason],
    };
  }

  const context: CheckContext<PolicyControl['parameters']> = {
    deployment: input.deployment,
    window: input.window,
    parameters: control.parameters,
    countries: policy.countries ?? input.deployment.jurisdiction,
    locator: input.locator,
  };
  const claim = fillText(check.words.claim, claimValues(context));
  const exempt = check.notApplicable?.(control.parameters, input.deployment);
  if (exempt !== undefined) {
    return { ...base, ...NOTHING_SHOWN, claim, verdict: 'not-applicable', limitations: [exempt] };
  }

  const needs = check.needs(control.parameters, input.deployment);
  const { outcome, canaries, failures } = runCheck(input, check, needs, context);
  const findings = toFindings(id, outcome.findings, check.words);
  const reasons = distinctReasons([
    ...unseen(input, [...needs.filter(({ ifReferred }) => ifReferred !== true), ...(outcome.referred ?? [])]),
    ...outcome.reasons,
    ...failures,
    ...missedCanaries(canaries),
    ...nothingShown(control.check, needs, outcome),
  ]);
  return {
    ...base,
    claim,
    verdict: controlVerdict(findings.length, reasons.length),
    basis: basisOf(outcome),
    reasons,
    findings,
    disclosed: toDisclosures(outcome.disclosed, check.words),
    coverage: outcome.coverage.map(
      (line): CoverageLine => ({ ...line, what: wordOf(check.words.coverage, line.what) }),
    ),
    positive: outcome.positive.map(({ text, values, witness }) => ({
      text: fillText(wordOf(check.words.positive, text), values),
      witness,
    })),
    limitations: limitationsOf(check.words, outcome, claimValues(context)),
    canaries,
    evidence: evidenceShown(input.evidence, needs),
  };
}

/**
 * A pass is an argument: where a check asked for nothing, or has nothing to say for the claim, there is none. An
 * inventory that lists no account in scope would else pass by having nothing to look at.
 */
function nothingShown(
  check: string,
  needs: readonly Need[],
  { positive, findings }: Outcome,
): readonly Reason[] {
  // A finding is no pass, so that it needs no argument for one: a reason here would outlive its waiver.
  if (needs.length > 0 && (positive.length > 0 || findings.length > 0)) return [];
  const detail =
    needs.length === 0 ? 'the inventory names nothing to examine' : 'nothing speaks for the claim';
  return [{ code: 'NOT_COLLECTED', scope: check, detail }];
}

const NOTHING_SHOWN = {
  basis: null,
  reasons: [],
  findings: [],
  disclosed: [],
  coverage: [],
  positive: [],
  limitations: [],
  canaries: [],
  evidence: [],
} as const;

const EMPTY_OUTCOME: Outcome = { findings: [], reasons: [], disclosed: [], coverage: [], positive: [] };

interface CheckRun {
  readonly outcome: Outcome;
  readonly canaries: readonly CanaryResult[];
  readonly failures: readonly Reason[];
}

/** Runs a check and its canaries. What it throws becomes a reason: the code only, since a message may quote evidence. */
function runCheck(
  input: EvaluationInput,
  check: Check,
  needs: readonly Need[],
  context: CheckContext<PolicyControl['parameters']>,
): CheckRun {
  const failures: Reason[] = [];
  const attempt = <T>(what: string, run: () => T, otherwise: T): T => {
    try {
      return run();
    } catch (error) {
      const code = error instanceof DomicileError ? error.code : 'INTERNAL';
      failures.push({ code: 'FAILED', scope: `${check.id} ${what}`, detail: `stopped with ${code}` });
      return otherwise;
    }
  };
  const outcome = attempt(
    'evaluation',
    () => check.evaluate(createView(input, needs), context),
    EMPTY_OUTCOME,
  );
  const canaries = attempt('canary', () => check.canary(context), []);
  return { outcome, canaries, failures };
}

/** What the evidence's own record says that the check could not be shown. */
function unseen(input: EvaluationInput, needs: readonly Need[]): readonly Reason[] {
  const { window, maxAgeHours, startedAt } = input;
  const limits = { windowEnd: window.end, maxAgeHours, ...(startedAt === undefined ? {} : { startedAt }) };
  return needs.flatMap((need) => completeness(need, input.evidence, limits).reasons);
}

/** A canary that was not caught, or a check without one, proves that the check cannot be trusted in this run. */
function missedCanaries(canaries: readonly CanaryResult[]): readonly Reason[] {
  const missed = canaries.filter((canary) => !canary.caught);
  if (canaries.length === 0) {
    return [{ code: 'CANARY_MISSED', scope: 'canary', detail: 'no known-bad input was tried' }];
  }
  return missed.map(({ id }) => ({
    code: 'CANARY_MISSED',
    scope: id,
    detail: 'a known-bad input was not caught',
  }));
}

function distinctReasons(reasons: readonly Reason[]): readonly Reason[] {
  const distinct = new Map(
    reasons.map((reason) => [`${reason.code}\n${reason.scope}\n${reason.detail}`, reason]),
  );
  return [...distinct].sort(([left], [right]) => byCodeUnit(left, right)).map(([, reason]) => reason);
}

function basisOf(outcome: Outcome): ControlResult['basis'] {
  if (outcome.basis === undefined) return null;
  return outcome.basis === 'detected' ? { kind: 'detected', recall: 'not measured' } : { kind: 'closed' };
}

function limitationsOf(words: CheckWords, outcome: Outcome, values: TextValues): readonly BilingualText[] {
  const applying = new Set(outcome.limitations ?? []);
  return Object.entries(words.limitations)
    .filter(([key]) => key.startsWith('always') || applying.has(key))
    .map(([, text]) => fillText(text, values));
}

function wordOf(words: Readonly<Record<string, BilingualText>>, key: string): BilingualText {
  return words[key] ?? missingWord(key);
}

/** What a claim or a limitation may name: the parameters, the deployment's region, and the allowed countries. */
function claimValues(context: CheckContext<PolicyControl['parameters']>): TextValues {
  const values: Record<string, string> = {
    region: context.deployment.region,
    countries: context.countries.join(', '),
  };
  for (const [name, value] of Object.entries(context.parameters)) {
    values[name] = Array.isArray(value)
      ? value.filter((part) => typeof part === 'string').join(', ')
      : String(value);
  }
  return values;
}

function evidenceShown(evidence: LoadedEvidence, needs: readonly Need[]): ControlResult['evidence'] {
  const names = new Map(needs.map((need) => [needName(need), need]));
  return [...names.values()]
    .flatMap((need) => itemsOf(evidence, need))
    .map(({ item }) => ({ id: item.id, sha256: item.sha256 }))
    .sort((left, right) => byCodeUnit(left.id, right.id));
}
