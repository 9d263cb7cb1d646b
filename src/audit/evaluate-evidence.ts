import type { LoadedEvidence } from '../evidence/index.ts';
import type { Locator } from '../geo/index.ts';
import type { CheckRegistry, Result } from '../policy/index.ts';
import { applyWaivers, evaluate } from '../policy/index.ts';
import { assembleResult } from './assemble-result.ts';
import { auditorFacts } from './auditor-facts.ts';
import { readRunInputs } from './run-inputs.ts';

/** What ships with the tool and is not evidence: its checks, and address data that the evidence names by digest. */
export interface Instruments {
  readonly checks: CheckRegistry;
  readonly locator: Locator;
}

/**
 * Evidence in, result out: pure, so that the same evidence and the same version give the same bytes on any
 * machine, at any time, in any zone. `audit` and `replay` are this one function.
 */
export function evaluateEvidence(evidence: LoadedEvidence, instruments: Instruments): Result {
  const inputs = readRunInputs(evidence);
  const controls = evaluate({
    ...instruments,
    deployment: inputs.deployment,
    window: inputs.facts.window,
    policies: inputs.policies,
    evidence,
    facts: new Map(),
    maxAgeHours: inputs.facts.maxAgeHours,
    startedAt: inputs.facts.startedAt,
  });
  const waived = applyWaivers(controls, inputs.waivers, inputs.facts.startedAt);
  return assembleResult(inputs, { ...waived, evidence, auditor: auditorFacts(evidence) });
}
