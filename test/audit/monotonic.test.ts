import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogObject } from '../../sim/flow-objects.ts';
import { makeSample } from '../../sim/make-sample.ts';
import type { PlantId } from '../../sim/plants.ts';
import { PLANT_IDS } from '../../sim/plants.ts';
import type { EmbeddedPostgres } from '../../sim/postgres.ts';
import { startPostgres } from '../../sim/postgres.ts';
import type { Sample } from '../../sim/samples.ts';
import { SAMPLE_SEED, SAMPLES } from '../../sim/samples.ts';
import type { Instruments } from '../../src/audit/evaluate-evidence.ts';
import { evaluateEvidence } from '../../src/audit/evaluate-evidence.ts';
import { DomicileError } from '../../src/core/index.ts';
import type { Deployment, LoadedEvidence } from '../../src/evidence/index.ts';
import type { CheckId, Result } from '../../src/policy/index.ts';
import type { Degraded } from '../support/degrade.ts';
import { degradedItems, degradedLogs } from '../support/degrade.ts';
import { plantedAudits } from '../support/planted-audit.ts';
import { rememberingChecks } from '../support/remembering-checks.ts';
import { instruments, sampleDeployment } from '../support/run-sample.ts';

const [ACME, SINGAPORE, BANK] = SAMPLES as readonly [Sample, Sample, Sample];

/** Samples of every verdict. `accept` waives whatever was found. */
const CASES: readonly {
  readonly name: string;
  readonly sample: Sample;
  readonly plants: readonly PlantId[];
  readonly accept?: true;
  readonly verdict: Result['verdict'];
}[] = [
  { name: 'a passing sample', sample: SINGAPORE, plants: [], verdict: 'pass' },
  {
    name: 'a waived one',
    sample: SINGAPORE,
    plants: ['bucket-abroad'],
    accept: true,
    verdict: 'pass-with-waivers',
  },
  { name: 'a clean one in China', sample: ACME, plants: [], verdict: 'pass' },
  { name: 'a failing one', sample: ACME, plants: PLANT_IDS, verdict: 'fail' },
  { name: 'an inconclusive one', sample: BANK, plants: [], verdict: 'inconclusive' },
];

let server: EmbeddedPostgres;
let tools: Instruments;

beforeAll(async () => {
  const [started, { checks, locator }] = await Promise.all([startPostgres(), instruments()]);
  server = started;
  tools = { checks: rememberingChecks(checks), locator };
});

afterAll(() => server.stop());

describe.each(CASES)('taking evidence away from $name', ({ sample, plants, accept, verdict }) => {
  let evidence: LoadedEvidence;
  let logs: readonly LogObject[];
  let before: Result;

  beforeAll(async () => {
    const audits = await plantedAudits(server, sample, tools);
    evidence = await audits.evidence(plants);
    logs = makeSample({ ...sample, plants }, SAMPLE_SEED).logs;
    if (accept === true) evidence = await audits.accepted(plants);
    before = evaluateEvidence(evidence, tools);
  });

  it(`starts from ${verdict}`, () => expect(before.verdict).toBe(verdict));

  it('never moves a control or the result to a pass, and leaves no control that was shown it passing', {
    timeout: 600_000,
  }, async () => {
    const broken: string[] = [];
    let tried = 0;
    const spare = sparedKinds(sampleDeployment(sample));
    for (const degraded of [...degradedItems(evidence), ...(await degradedLogs(evidence, logs))]) {
      const later = after(degraded);
      broken.push(...improvements(before, later).map((what) => `${degraded.name}: ${what}`));
      broken.push(...untouched(before, later, degraded, spare));
      tried++;
    }
    console.log(`monotonic: ${tried} ways to take something away from ${sample.deployment}`);
    expect(broken).toEqual([]);
  });
});

/** The result without what was taken away; null where nobody could even say which policy applies. */
function after({ evidence }: Degraded): Result | null {
  try {
    return evaluateEvidence(evidence, tools);
  } catch (error) {
    if (error instanceof DomicileError && error.code === 'BAD_INPUT') return null;
    throw error;
  }
}

function improvements(before: Result, later: Result | null): readonly string[] {
  if (later === null) return [];
  const verdicts = new Map(before.controls.map(({ id, verdict }) => [id, verdict]));
  const controls = later.controls
    .filter(({ verdict }) => verdict === 'pass' || verdict === 'not-applicable')
    .filter(({ id, verdict }) => verdicts.get(id) !== verdict)
    .map(({ id, verdict }) => `${id} ${verdicts.get(id) ?? 'unknown'} -> ${verdict}`);
  const isBetter = later.verdict === 'pass' || later.verdict === 'pass-with-waivers';
  return isBetter && later.verdict !== before.verdict
    ? [...controls, `result ${before.verdict} -> ${later.verdict}`]
    : controls;
}

/**
 * Controls that were shown a touched item, and pass with it and without it. What a check asks for only in case
 * something refers to it does not count: nothing in the samples does.
 */
function untouched(
  before: Result,
  later: Result | null,
  { name, touched }: Degraded,
  spare: (check: string) => ReadonlySet<string> = () => new Set(),
): readonly string[] {
  return before.controls
    .filter(({ check, verdict, evidence }) => {
      const shown = evidence.filter(({ id }) => touched.includes(id) && !spare(check).has(kindOf(id)));
      return verdict === 'pass' && shown.length > 0;
    })
    .filter(({ id }) => later?.controls.find((control) => control.id === id)?.verdict === 'pass')
    .map(({ id }) => `${name}: ${id} still passes`);
}

/** The first step of an item's path is its kind. */
function kindOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

function sparedKinds(deployment: Deployment): (check: string) => ReadonlySet<string> {
  return (check) => {
    const needs = tools.checks.get(check as CheckId)?.needs({ services: [] }, deployment) ?? [];
    return new Set(needs.filter(({ ifReferred }) => ifReferred === true).map(({ kind }) => kind));
  };
}

describe('the law itself', () => {
  it('would notice a control that forgets its reasons', () => {
    const control = { id: 'a/b', verdict: 'inconclusive', evidence: [{ id: 'x', sha256: '' }] };
    const forgetful = { ...control, verdict: 'pass' };
    const [left, right] = [result('inconclusive', control), result('pass', forgetful)];
    expect(improvements(left, right)).toEqual(['a/b inconclusive -> pass', 'result inconclusive -> pass']);
    expect(untouched(right, right, { name: 'x gone', touched: ['x'], evidence: [] })).toHaveLength(1);
  });
});

function result(verdict: Result['verdict'], control: unknown): Result {
  return { verdict, controls: [control] } as unknown as Result;
}
