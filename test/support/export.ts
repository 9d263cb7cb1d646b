import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExportOptions, FolderReport } from '../../src/collection/index.ts';
import { collectExportFolder } from '../../src/collection/index.ts';
import type { Deployment, EvidenceDraft } from '../../src/evidence/index.ts';

export const ACCOUNT = '210987654321';
export const REGION = 'cn-north-1';
export const TIME = '2026-11-23T02:00:00Z';
export const PLACE = `${ACCOUNT}/${REGION}`;

/** A deployment in one account, with one log source. */
export const DEPLOYMENT: Deployment = {
  id: 'acme-cn',
  title: { en: 'Acme in Beijing', zh: '北京' },
  customer: 'Acme',
  tenancy: 'single-tenant',
  plan: 'enterprise',
  partition: 'aws-cn',
  region: REGION,
  jurisdiction: ['CN'],
  accounts: [{ id: ACCOUNT, purpose: 'workload' }],
  databases: [],
  logSources: [{ id: 'flows', type: 'vpc-flow-logs', account: ACCOUNT, bucket: 'logs-of-acme' }],
  domains: [],
  documents: [],
  providers: [],
  memory: false,
  schedule: { cron: '0 2 * * *', timeZone: 'Asia/Shanghai' },
  policies: ['china-stack'],
};

export type FileTree = Readonly<Record<string, string | Uint8Array>>;

/** Writes files into a new folder, uses it, and removes it. */
export async function withFolder<T>(files: FileTree, use: (root: string) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'domicile-export-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return await use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export interface ReadFolder {
  readonly drafts: readonly EvidenceDraft[];
  readonly report: FolderReport;
  /** `call status reason` of every draft, in order. */
  readonly said: readonly string[];
}

export async function readFolder(root: string, options: Partial<ExportOptions> = {}): Promise<ReadFolder> {
  const { drafts, report } = await collectExportFolder(root, {
    deployment: DEPLOYMENT,
    provenance: 'customer-supplied',
    ...options,
  });
  const said = drafts
    .map(({ key, status, reason }) => `${key.call} ${status}${reason === '' ? '' : `: ${reason}`}`)
    .sort();
  return { drafts, report, said: [...new Set(said)] };
}

export const readFiles = (files: FileTree, options: Partial<ExportOptions> = {}): Promise<ReadFolder> =>
  withFolder(files, (root) => readFolder(root, options));

/** An `index.json` with one entry a line: file, command, and what differs from success. */
export function indexOf(
  ...entries: readonly (readonly [file: string | undefined, command: string, over?: object])[]
): string {
  return JSON.stringify(
    entries.map(([file, command, over]) => ({
      ...(file === undefined ? {} : { file }),
      command,
      time: TIME,
      exitCode: 0,
      ...over,
    })),
  );
}

/** The ids of one member over all drafts of a call. */
export function idsOf(drafts: readonly EvidenceDraft[], member: string, id: string): readonly string[] {
  return drafts.flatMap(({ body }) => {
    const entries = (body as Record<string, unknown> | undefined)?.[member];
    return Array.isArray(entries) ? entries.map((entry: Record<string, unknown>) => String(entry[id])) : [];
  });
}
