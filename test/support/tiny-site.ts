import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { generateKeyFile, loadKeyFile } from '../../src/attestation/index.ts';
import type { EvidenceSource, Project, RunRequest, RunSite } from '../../src/audit/index.ts';
import { loadProject } from '../../src/audit/index.ts';
import { projectFile } from '../../src/config/index.ts';
import type { Clock } from '../../src/core/index.ts';
import { toInstant } from '../../src/core/index.ts';
import type { EvidenceDraft } from '../../src/evidence/index.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'sim', 'inventory', 'deployments.yaml');

/** A folder with an inventory of small deployments, all of one jurisdiction, and a key. */
export interface TinyFolder {
  readonly root: string;
  readonly inventory: string;
  readonly key: string;
  readonly deployments: readonly string[];
}

/** Deployments `tiny-1`, `tiny-2` and so on, each as the sample of Singapore, due every day at 20:00 UTC. */
export async function tinyFolder(folder: string, count: number, change: object = {}): Promise<TinyFolder> {
  mkdirSync(folder, { recursive: true });
  const sample = parse(readFileSync(SAMPLE, 'utf8')) as { readonly deployments: readonly object[] };
  const deployments = Array.from({ length: count }, (_, index) => `tiny-${index + 1}`);
  const inventory = join(folder, 'deployments.yaml');
  writeFileSync(
    inventory,
    stringify(
      {
        ...sample,
        deployments: deployments.map((id) => ({
          ...sample.deployments[1],
          policies: ['region-table'],
          schedule: { cron: '0 20 * * *', timeZone: 'UTC' },
          ...change,
          id,
        })),
      },
      { aliasDuplicateObjects: false },
    ),
  );
  writeFileSync(join(folder, 'waivers.yaml'), readFileSync(SAMPLE.replace('deployments', 'waivers')));
  const key = join(folder, 'key.pem');
  await generateKeyFile(key, 'signing');
  return { root: join(folder, 'reports'), inventory, key, deployments };
}

/** The inventory with its one policy. */
export async function tinyProject({ inventory }: TinyFolder): Promise<Project> {
  const project = await loadProject({ inventory, policies: [projectFile('policies', 'region-table.yaml')] });
  // One policy is enough, and faster to read; as if the inventory named it and the project had no other.
  return { ...project, adHocPolicies: false };
}

export function tinySite(
  folder: TinyFolder,
  project: Project,
  clock: Clock,
  change: Partial<RunSite> = {},
): RunSite {
  return { root: folder.root, project, clock, toolVersion: '1.0.0', ...change };
}

export function tinyRequest(deployment: string, slot?: string): RunRequest {
  return { deployment, runBy: 'a test', marks: [], ...(slot === undefined ? {} : { slot }) };
}

export const tinySigner = (folder: TinyFolder): ReturnType<typeof loadKeyFile> => loadKeyFile(folder.key);

/** A source of a few small items: the same ones at the same time of the clock. */
export function tinySource(
  id: string,
  pause: () => Promise<unknown> = async () => undefined,
  words = '',
): EvidenceSource {
  return {
    id,
    allowed: [],
    collect: async function* ({ clock, signal }) {
      for (const part of [0, 1, 2]) {
        await pause();
        signal?.throwIfAborted();
        yield tinyDraft(id, part, toInstant(clock.now()), words);
      }
    },
  };
}

function tinyDraft(source: string, part: number, time: string, words: string): EvidenceDraft {
  return {
    key: {
      kind: 'ec2.vpcs',
      partition: 'aws',
      account: '640917723308',
      region: 'ap-southeast-1',
      target: '',
      call: 'ec2:DescribeVpcs',
      parameters: { source },
      phase: 'start',
      part,
    },
    time,
    status: 'complete',
    reason: '',
    provenance: 'live',
    dropped: [],
    body: { Vpcs: [], words },
  };
}
