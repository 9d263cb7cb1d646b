import { byCodeUnit, digestOf } from '../core/index.ts';
import type { CheckWords, Observation } from './check.ts';
import { fillText, missingWord } from './outcome-text.ts';
import type { Disclosure, Finding } from './result.ts';

/**
 * The id of a finding: the same from run to run, so that two reports compare and a waiver can name it.
 * Made of control, resource and class; never of a value, which could be guessed from its hash.
 */
export function findingId(control: string, resource: string, observationClass: string): string {
  return digestOf({ control, resource, class: observationClass }).slice(0, 24);
}

/** The findings of one control, in a stable order; the same thing seen twice is one finding. */
export function toFindings(
  control: string,
  observations: readonly Observation[],
  words: CheckWords,
): readonly Finding[] {
  const findings = new Map<string, Finding>();
  for (const seen of observations) {
    const id = findingId(control, seen.resource, seen.class);
    if (findings.has(id)) continue;
    findings.set(id, { id, ...described(seen, words.findings), waived: false });
  }
  return [...findings.values()].sort(
    (left, right) => byCodeUnit(left.class, right.class) || byCodeUnit(left.resource, right.resource),
  );
}

/** What a control discloses, in a stable order. */
export function toDisclosures(
  observations: readonly Observation[],
  words: CheckWords,
): readonly Disclosure[] {
  return observations
    .map((seen) => described(seen, words.disclosures))
    .sort((left, right) => byCodeUnit(left.class, right.class) || byCodeUnit(left.resource, right.resource));
}

function described(seen: Observation, words: CheckWords['findings']): Disclosure {
  const values = { resource: seen.resource, ...seen.values };
  return {
    class: seen.class,
    resource: seen.resource,
    text: fillText(words[seen.class] ?? missingWord(seen.class), values),
    witness: seen.witness,
  };
}
