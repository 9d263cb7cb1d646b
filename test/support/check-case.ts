import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeExportFolder } from '../../sim/export-folder.ts';
import type { LogObject } from '../../sim/flow-objects.ts';
import type { NamedStack } from '../../sim/gateway-stack.ts';
import { makeSample } from '../../sim/make-sample.ts';
import type { Sample } from '../../sim/samples.ts';
import { SAMPLE_SEED, SAMPLE_TIME, SAMPLE_WINDOW, SAMPLES } from '../../sim/samples.ts';
import type { Stack } from '../../sim/stack.ts';
import { collectExportFolder } from '../../src/collection/index.ts';
import { validateJson } from '../../src/config/index.ts';
import type { JsonObject, TimeWindow } from '../../src/core/index.ts';
import type { Deployment, EvidenceDraft, LoadedEvidence } from '../../src/evidence/index.ts';
import { createMemoryStore, loadEvidence } from '../../src/evidence/index.ts';
import type { CheckId, CheckRegistry, ControlResult, Policy } from '../../src/policy/index.ts';
import { CHECKS, evaluate } from '../../src/policy/index.ts';
import { instruments, runDraft, sampleDeployment } from './run-sample.ts';

/** One check asked about one deployment. */
export interface CheckCase {
  readonly check: CheckId;
  readonly with?: JsonObject;
  readonly deployment: Deployment;
  readonly drafts: readonly EvidenceDraft[];
  readonly countries?: readonly string[];
  readonly window?: TimeWindow;
  readonly checks?: CheckRegistry;
}

/** What the runner makes of a check: its control, judged alone. */
export async function judged(one: CheckCase): Promise<ControlResult> {
  return judgedBy(one, await evidenceOf(one));
}

/** The evidence of a case, as a run loads it. */
export async function evidenceOf({
  deployment,
  drafts,
}: Pick<CheckCase, 'deployment' | 'drafts'>): Promise<LoadedEvidence> {
  return loaded([
    runDraft('run.inventory', deployment),
    runDraft('auditor.connections', { schemaVersion: 1, connections: [] }),
    ...drafts,
  ]);
}

/** The same by evidence that is loaded already. */
export async function judgedBy(
  one: Omit<CheckCase, 'drafts'>,
  evidence: LoadedEvidence,
): Promise<ControlResult> {
  const { locator } = await instruments();
  const control = evaluate({
    deployment: one.deployment,
    window: one.window ?? SAMPLE_WINDOW,
    policies: [policyOf(one)],
    checks: one.checks ?? CHECKS,
    locator,
    maxAgeHours: 24,
    startedAt: SAMPLE_TIME,
    facts: new Map(),
    evidence,
  })[0];
  if (control === undefined) throw new Error('expected one control');
  return control;
}

/** The verdict with what led to it, in one line each: what most tests compare. */
export async function verdictOf(one: CheckCase): Promise<readonly string[]> {
  const { verdict, findings, reasons } = await judged(one);
  return [
    verdict,
    ...findings.map((finding) => `${finding.class} ${finding.resource}`),
    ...reasons.map(({ code, scope }) => `${code} ${scope}`),
  ];
}

async function loaded(drafts: readonly EvidenceDraft[]): Promise<LoadedEvidence> {
  const store = createMemoryStore();
  const byKey = new Map(drafts.map((draft) => [JSON.stringify(draft.key), draft]));
  for (const draft of byKey.values()) await store.put(draft);
  await store.seal();
  return loadEvidence(store);
}

function policyOf({ check, with: given = {}, countries }: Omit<CheckCase, 'drafts'>): Policy {
  const checked = validateJson((CHECKS.get(check)?.parameters ?? { type: 'object' }) as JsonObject, given);
  if (checked.problems.length > 0) throw new Error(`expected parameters of ${check}`);
  return {
    id: 'p',
    version: '1.0.0',
    title: { en: 'P', zh: 'P' },
    sha256: '0'.repeat(64),
    file: 'p.yaml',
    appliesTo: {},
    ...(countries === undefined ? {} : { countries }),
    controls: [
      {
        id: 'c',
        title: { en: 'C', zh: 'C' },
        severity: 'high',
        check,
        parameters: checked.value as JsonObject,
        legal: [],
      },
    ],
  };
}

/** The clean sample in China, to be changed by a test. */
const ACME: Sample = { ...(SAMPLES[0] as Sample), plants: [] };
export const DEPLOYMENT: Deployment = sampleDeployment(ACME);
export const CLEAN: NamedStack & { readonly logs: readonly LogObject[] } = (() => {
  const { named, logs } = makeSample(ACME, SAMPLE_SEED);
  return { ...named, logs };
})();

/** What an export folder of an account brings. */
export async function accountDrafts(
  change: (stack: Stack) => Stack = (stack) => stack,
  logs: readonly LogObject[] = CLEAN.logs,
  deployment: Deployment = DEPLOYMENT,
): Promise<readonly EvidenceDraft[]> {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-check-'));
  try {
    await writeExportFolder(folder, change(CLEAN.stack), logs, SAMPLE_TIME);
    return (await collectExportFolder(folder, { deployment, provenance: 'live' })).drafts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
