import type { Json, TimeWindow } from '../core/index.ts';
import { DomicileError } from '../core/index.ts';
import type { DataMap, Deployment, EvidenceDraft, LoadedEvidence, RunKind } from '../evidence/index.ts';
import type { DataSetReference, Policy, RunSummary, Waiver } from '../policy/index.ts';

/** The clock and the circumstances of a run, as they were when it started. */
export interface RunFacts {
  readonly runId: string;
  readonly slot: string | null;
  readonly startedAt: string;
  readonly window: TimeWindow;
  readonly runBy: string;
  readonly operator: string;
  readonly toolVersion: string;
  /** Marks known before the evidence is read: an ad hoc policy, a demo key, a custom endpoint. */
  readonly marks: readonly ('adhoc-policy' | 'demo-key' | 'custom-endpoint')[];
  readonly validUntil: string;
  /** Evidence older than this at the end of the window is stale. */
  readonly maxAgeHours: number;
}

/** Where the run stands in the deployment's chain of reports. */
export interface ChainFacts {
  readonly sequence: number;
  /** SHA-256 of the previous report's statement payload. */
  readonly previous: string | null;
  readonly scans: RunSummary['scans'];
  /** The policies of the previous report, to say what loosened; null where there is none. */
  readonly previousPolicies: readonly Policy[] | null;
}

/** Whatever a verdict follows from besides the audited systems. Written as evidence, so that a replay reads nothing else. */
export interface RunInputs {
  readonly facts: RunFacts;
  readonly chain: ChainFacts;
  readonly deployment: Deployment;
  readonly policies: readonly Policy[];
  readonly waivers: readonly Waiver[];
  readonly dataMaps: readonly { readonly id: string; readonly sha256: string; readonly map: DataMap }[];
  /** By digest: the sets themselves ship with the tool's version, and a replay refuses other ones. */
  readonly dataSets: readonly DataSetReference[];
}

const KIND_OF_INPUT = {
  facts: 'run.clock',
  chain: 'run.ledger',
  deployment: 'run.inventory',
  policies: 'run.policies',
  waivers: 'run.waivers',
  dataMaps: 'run.data-maps',
  dataSets: 'run.data-sets',
} as const satisfies Readonly<Record<keyof RunInputs, RunKind>>;

/** The evidence items of the run's inputs. */
export function runInputDrafts(inputs: RunInputs): readonly EvidenceDraft[] {
  return Object.entries(KIND_OF_INPUT).map(([input, kind]) =>
    runInputDraft(kind, inputs.facts.startedAt, inputs[input as keyof RunInputs]),
  );
}

/** The item that says whose evidence a store holds. */
export function deploymentDraft(deployment: Deployment, time: string): EvidenceDraft {
  return runInputDraft('run.inventory', time, deployment);
}

function runInputDraft(kind: RunKind, time: string, body: unknown): EvidenceDraft {
  return {
    key: {
      kind,
      partition: '',
      account: '',
      region: '',
      target: '',
      call: kind.replace('.', ':'),
      parameters: {},
      phase: 'start',
      part: 0,
    },
    time,
    status: 'complete',
    reason: '',
    provenance: 'live',
    dropped: [],
    body,
  };
}

/**
 * The run's inputs, read back from its evidence.
 *
 * @throws DomicileError `BAD_INPUT` where one is missing or damaged: without them there is no verdict at all.
 */
export function readRunInputs(evidence: LoadedEvidence): RunInputs {
  const read = (kind: RunKind): Json => {
    const found = evidence.find(({ item }) => item.key.kind === kind);
    if (found?.body === undefined || found.body === null || found.item.status !== 'complete') {
      throw new DomicileError('BAD_INPUT', {
        message: `expected the evidence item ${kind}, found ${found?.problem ?? found?.item.status ?? 'none'}`,
        hint: 'without it nothing says which policy and which period the evidence is for',
      });
    }
    return found.body;
  };
  const entries = Object.entries(KIND_OF_INPUT).map(([input, kind]) => [input, read(kind)]);
  // The bodies were written by `runInputDrafts` and their digests checked on loading.
  const inputs: unknown = Object.fromEntries(entries);
  return inputs as RunInputs;
}
