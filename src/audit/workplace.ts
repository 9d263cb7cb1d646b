import type { Signer } from '../attestation/index.ts';
import type { Result } from '../policy/index.ts';
import type { EvidenceSource } from './evidence-source.ts';
import type { RunSite } from './run-steps.ts';

/** Everything that the runs of a process have in common: where they work, with which sources, key and name. */
export interface Workplace {
  readonly site: RunSite;
  /** The sources of a deployment; the same inventory and settings give the same ones everywhere. */
  readonly sources: (deployment: string) => Promise<readonly EvidenceSource[]>;
  readonly signer: Signer;
  /** Who runs it, as page one says. */
  readonly runBy: string;
  /** Marks against reliance that a run of this deployment has from its beginning. */
  readonly marks: (deployment: string) => Promise<Result['marks']>;
}
