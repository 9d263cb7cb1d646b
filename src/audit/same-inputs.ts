import { digestOf } from '../core/index.ts';
import type { EvidenceStore } from '../evidence/index.ts';
import { loadEvidence } from '../evidence/index.ts';
import type { Project } from './project.ts';
import { scopeOf } from './project.ts';
import type { RunInputs } from './run-inputs.ts';
import { readRunInputs } from './run-inputs.ts';

/** What two processes must have in common to take steps of one run. */
interface Circumstances {
  readonly project: Project;
  readonly toolVersion: string;
}

/** Whether this process would have fixed the same inputs: the same tool, inventory, policies and data. */
export async function hasSameInputs(
  own: Circumstances,
  deployment: string,
  begun: EvidenceStore,
): Promise<boolean> {
  return (await digestOfBegun(begun)) === digestOfOwn(own, deployment);
}

/** A project never changes, and every step of every run asks for it. */
const ownDigests = new WeakMap<Project, Map<string, string>>();

function digestOfOwn({ project, toolVersion }: Circumstances, deployment: string): string {
  const known = ownDigests.get(project) ?? new Map<string, string>();
  ownDigests.set(project, known);
  const name = `${toolVersion} ${deployment}`;
  const digest =
    known.get(name) ??
    digestOf({
      toolVersion,
      adHoc: project.adHocPolicies,
      ...judging({ ...scopeOf(project, deployment), dataSets: project.dataSets }),
    });
  known.set(name, digest);
  return digest;
}

/** By the manifest, which names every input by its digest: the same manifest is the same inputs. */
const begunDigests = new Map<string, string>();
const MOST_REMEMBERED = 1000;

async function digestOfBegun(store: EvidenceStore): Promise<string> {
  const manifest = digestOf(await store.manifest());
  const known = begunDigests.get(manifest);
  if (known !== undefined) return known;
  const inputs = readRunInputs(await loadEvidence(store));
  const digest = digestOf({
    toolVersion: inputs.facts.toolVersion,
    adHoc: inputs.facts.marks.includes('adhoc-policy'),
    ...judging(inputs),
  });
  if (begunDigests.size >= MOST_REMEMBERED) begunDigests.clear();
  begunDigests.set(manifest, digest);
  return digest;
}

type Judging = Pick<RunInputs, 'deployment' | 'policies' | 'waivers' | 'dataMaps' | 'dataSets'>;

function judging({ deployment, policies, waivers, dataMaps, dataSets }: Judging): Judging {
  return { deployment, policies, waivers, dataMaps, dataSets };
}
