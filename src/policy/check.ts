import type { TimeWindow } from '../core/index.ts';
import type { Deployment, EvidenceView, Need } from '../evidence/index.ts';
import type { Locator } from '../geo/index.ts';
import type { CheckId } from './catalogue.ts';
import type { BilingualText, CanaryResult, CoverageLine, Reason, Witness } from './result.ts';

/** Values that fill the `{name}` places of a text. Never audited content. */
export type TextValues = Readonly<Record<string, string | number>>;

/** Something wrong that was seen. `class` picks the words; `resource` is what it is about. */
export interface Observation {
  readonly class: string;
  readonly resource: string;
  readonly values: TextValues;
  readonly witness: Witness;
}

/** What speaks for a pass: which statement, with which values, and what a person can check. */
export interface PositiveEvidence {
  readonly text: string;
  readonly values: TextValues;
  readonly witness: Witness;
}

/** How much was examined, out of what was expected (null: the whole is not known). */
export interface Examined extends Omit<CoverageLine, 'what'> {
  /** Key into the check's `words.coverage`. */
  readonly what: string;
}

/**
 * What a check says of the evidence it was shown. The verdict is not among it: the runner derives it from
 * findings and reasons, adding its own reasons for what the check could not be shown.
 */
export interface Outcome {
  readonly findings: readonly Observation[];
  /** What the check itself could not decide: unknown values, unsupported constructs, gaps. */
  readonly reasons: readonly Reason[];
  /** What the policy chose to tell instead of to judge. */
  readonly disclosed: readonly Observation[];
  readonly coverage: readonly Examined[];
  readonly positive: readonly PositiveEvidence[];
  /** Present where a pass rests on detection or on closed classes. */
  readonly basis?: 'closed' | 'detected';
  /** Needs declared `ifReferred` that the outcome rests on: what is missing of them counts. */
  readonly referred?: readonly Need[];
  /** Keys into `words.limitations` that apply to this outcome, beside those that always do. */
  readonly limitations?: readonly string[];
}

/** Everything besides evidence that a verdict may depend on. */
export interface CheckContext<P> {
  readonly deployment: Deployment;
  readonly window: TimeWindow;
  readonly parameters: P;
  /** Countries of the policy (or, where it names none, of the deployment). */
  readonly countries: readonly string[];
  readonly locator: Locator;
}

/** The words of a check, in both languages; `{name}` is filled from the values. */
export interface CheckWords {
  /** The claim in one sentence. `{services}` and the like are filled from the parameters. */
  readonly claim: BilingualText;
  readonly findings: Readonly<Record<string, BilingualText>>;
  readonly disclosures: Readonly<Record<string, BilingualText>>;
  readonly positive: Readonly<Record<string, BilingualText>>;
  readonly coverage: Readonly<Record<string, BilingualText>>;
  /** What a pass does not prove. Those whose key starts with `always` stand in every report. */
  readonly limitations: Readonly<Record<string, BilingualText>>;
}

/** One check: one file, named after what it claims. */
export interface Check<P = Readonly<Record<string, unknown>>> {
  readonly id: CheckId;
  /** JSON Schema of `with`; unknown members are refused. Defaults are filled in by the parser. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly words: CheckWords;
  readonly needs: (parameters: P, deployment: Deployment) => readonly Need[];
  /** Why these parameters could flag nothing at all (a policy error); `undefined` where they could. */
  readonly flagsNothing?: (parameters: P) => string | undefined;
  /** Why the control does not apply, from the inventory alone; `undefined` where it does. */
  readonly notApplicable?: (parameters: P, deployment: Deployment) => BilingualText | undefined;
  readonly evaluate: (view: EvidenceView, context: CheckContext<P>) => Outcome;
  /** Feeds known-bad input through the same code with the run's own parameters and address data. */
  readonly canary: (context: CheckContext<P>) => readonly CanaryResult[];
}
