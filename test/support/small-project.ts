import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAMPLE_SLOT, SAMPLES } from '../../sim/samples.ts';
import { writeInventory } from '../../sim/write-inventory.ts';
import type { Signer } from '../../src/attestation/index.ts';
import { generateKeyFile, loadKeyFile } from '../../src/attestation/index.ts';
import type { EvidenceSource, Project, RunRequest, RunSite } from '../../src/audit/index.ts';
import { loadProject } from '../../src/audit/index.ts';
import type { EvidenceDraft } from '../../src/evidence/index.ts';

/** A policy of the two checks that need no audited system: a run of it takes milliseconds. */
const POLICY = `
apiVersion: domicile/v1
kind: Policy
metadata: { id: small, version: 1.0.0, title: { en: Small, zh: 小 } }
appliesTo: {}
controls:
  - id: offered
    title: { en: Offered, zh: 提供 }
    severity: low
    check: region.offered
    with: { offers: [{ region: ap-southeast-1, tenancies: [cloud] }] }
  - id: stays
    title: { en: Stays, zh: 不出境 }
    severity: low
    check: self.egress
`;

export const DEPLOYMENT = 'global-sg';

/** The sample inventory with one small policy given by hand. */
export async function smallProject(folder: string): Promise<Project> {
  const policy = join(folder, 'small.yaml');
  writeFileSync(policy, POLICY);
  return loadProject({ inventory: writeInventory(join(folder, 'inventory'), SAMPLES), policies: [policy] });
}

export async function testSigner(folder: string): Promise<Signer> {
  const path = join(folder, 'key.pem');
  await generateKeyFile(path, 'signing').catch(() => undefined);
  return loadKeyFile(path);
}

/** The clock stands still, so that two runs of the same evidence can be compared byte for byte. */
export function smallSite(folder: string, project: Project, rest: Partial<RunSite> = {}): RunSite {
  const clock = { now: () => Date.parse('2026-11-22T20:30:00Z') };
  return { root: join(folder, 'reports'), project, clock, toolVersion: '0.0.0-test', ...rest };
}

export const REQUEST: RunRequest = {
  deployment: DEPLOYMENT,
  slot: SAMPLE_SLOT,
  runBy: 'a test',
  marks: [],
};

/** A source that brings one empty answer, or does what the test wants. */
export function fakeSource(id: string, collect?: EvidenceSource['collect']): EvidenceSource {
  return {
    id,
    allowed: [],
    collect:
      collect ??
      async function* () {
        yield await Promise.resolve(emptyAnswer(id));
      },
  };
}

export function emptyAnswer(id: string): EvidenceDraft {
  return {
    key: {
      kind: 'rds.instances',
      partition: 'aws',
      account: '640917723308',
      region: 'ap-southeast-1',
      target: '',
      call: 'rds:DescribeDBInstances',
      parameters: { from: id },
      phase: 'start',
      part: 0,
    },
    time: '2026-11-22T20:10:00Z',
    status: 'complete',
    reason: '',
    provenance: 'live',
    dropped: [],
    body: { DBInstances: [] },
  };
}
