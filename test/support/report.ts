import type { KeyObject } from 'node:crypto';
import { createHash, createPublicKey, generateKeyPairSync, sign, webcrypto } from 'node:crypto';
import type { Signer } from '../../src/attestation/index.ts';
import { buildPackStatement, buildStatement, signStatement } from '../../src/attestation/index.ts';
import { canonicalBytes, sha256Hex } from '../../src/core/index.ts';
import type { EvidenceDraft } from '../../src/evidence/index.ts';
import { createMemoryStore } from '../../src/evidence/index.ts';
import type { ControlResult, Result } from '../../src/policy/index.ts';
import { renderReportPage } from '../../src/report/index.ts';
import type { ReportFiles, TrustedKey, VerifyOutcome } from '../../src/verification/index.ts';
import {
  MANIFEST_FILE,
  PACK_FILE,
  PAGE_FILE,
  parsePublicKey,
  RESULT_FILE,
  STATEMENT_FILE,
  subtleCrypto,
} from '../../src/verification/index.ts';

export const VERIFY_CRYPTO = subtleCrypto(webcrypto.subtle);

/** A key in memory. */
export interface TestKey {
  readonly signer: Signer;
  readonly trusted: TrustedKey;
}

export function testKey(demo = false): TestKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKeyPem = pemOf(privateKey);
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return {
    signer: {
      sign: async (bytes) => sign('sha256', bytes, privateKey),
      publicKeyPem,
      fingerprint: createHash('sha256').update(der).digest('hex'),
      demo,
    },
    trusted: parsePublicKey(publicKeyPem),
  };
}

function pemOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

const text = (en: string) => ({ en, zh: `${en}（中文）` });

const CONTROL: ControlResult = {
  id: 'china-stack/region',
  policy: 'china-stack',
  control: 'region',
  check: 'region.offered',
  title: text('Region is on the list'),
  claim: text('The region is one that the product offers.'),
  severity: 'high',
  verdict: 'pass',
  waived: false,
  basis: null,
  parameters: {},
  reasons: [],
  findings: [],
  disclosed: [],
  coverage: [{ what: text('deployments'), examined: 1, expected: 1 }],
  positive: [{ text: text('cn-north-1 is offered'), witness: [{ label: 'region', value: 'cn-north-1' }] }],
  limitations: [],
  canaries: [{ id: 'region.offered', caught: true }],
  evidence: [],
  legal: [],
  waivable: true,
};

const DIGEST = 'a'.repeat(64);
const WINDOW = { start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' };

/** A small, complete result; `over` replaces members. */
export function sampleResult(over: Partial<Result> = {}): Result {
  return {
    schemaVersion: 1,
    tool: { name: 'domicile', version: '0.1.0' },
    run: {
      id: 'acme-cn-20261123T020000Z',
      slot: '2026-11-23T02:00:00Z',
      startedAt: '2026-11-23T02:00:01Z',
      window: WINDOW,
      sequence: 7,
      previous: 'b'.repeat(64),
      runBy: 'worker@example.org',
      scans: { due: 1, started: 1, finished: 1, passed: 1, aborted: 0, missed: [] },
      validUntil: '2026-11-25T02:00:00Z',
      policyChanges: { compared: false, loosened: [], tightened: [], changed: [] },
    },
    deployment: {
      id: 'acme-cn',
      title: text('Acme in Beijing'),
      customer: 'Acme',
      operator: 'Gateway Ltd',
      tenancy: 'single-tenant',
      plan: 'enterprise',
      partition: 'aws-cn',
      region: 'cn-north-1',
      jurisdiction: ['CN'],
      timeZone: 'Asia/Shanghai',
    },
    verdict: 'pass',
    counts: { pass: 1, fail: 0, waived: 0, inconclusive: 0, notApplicable: 0, notAssessed: 0 },
    marks: [],
    policies: [{ id: 'china-stack', version: '1.0.0', sha256: DIGEST, title: text('China stack') }],
    controls: [CONTROL],
    notAssessed: [],
    waivers: [],
    coverage: {
      hours: { examined: 24, expected: 24 },
      accounts: { examined: 1, expected: 1 },
      stores: { examined: 1, expected: 1 },
      items: { examined: 3, expected: 3 },
    },
    provenance: { live: 3, customerSupplied: 0, vendorSupplied: 0 },
    suppliedByPeople: [],
    auditor: { location: 'declared', country: 'CN', connections: 2 },
    storage: [{ id: 'gateway', engine: 'postgres', resource: 'gateway-db' }],
    processing: [],
    dataSets: [{ id: 'aws-ip-ranges', edition: '2026-11-20', sha256: DIGEST }],
    limitations: [text('Nobody inspected a building.')],
    ...over,
  };
}

const draft = (kind: EvidenceDraft['key']['kind'], call: string, body: unknown): EvidenceDraft => ({
  key: {
    kind,
    partition: '',
    account: '',
    region: '',
    target: '',
    call,
    parameters: {},
    phase: 'start',
    part: 0,
  },
  time: '2026-11-23T02:00:01Z',
  status: 'complete',
  reason: '',
  provenance: 'live',
  dropped: [],
  body,
});

/** What may be altered on the way, before it is signed. */
export interface ReportChanges {
  readonly result?: Partial<Result>;
  /** The statement's bytes, about to be signed. */
  readonly statement?: (bytes: Uint8Array) => Uint8Array;
  /** The pack statement's bytes, about to be signed. */
  readonly pack?: (bytes: Uint8Array) => Uint8Array;
  /** The files as packed. */
  readonly files?: (files: ReadonlyMap<string, Uint8Array>) => ReadonlyMap<string, Uint8Array>;
}

/** A whole signed report in memory, made by the project's own statement, page and pack. */
export async function makeReport(
  { signer }: TestKey,
  changes: ReportChanges = {},
): Promise<Map<string, Uint8Array>> {
  const encoder = new TextEncoder();
  const result = sampleResult(changes.result);
  const store = createMemoryStore();
  await store.put(draft('run.policies', 'run:Policies', { policies: ['china-stack'], marker: 'policies' }));
  await store.put(draft('run.data-sets', 'run:DataSets', { sets: ['aws-ip-ranges'] }));
  await store.put(draft('run.clock', 'run:Clock', { now: '2026-11-23T02:00:01Z' }));
  const manifest = await store.seal();
  const resultBytes = canonicalBytes(result);
  const manifestBytes = canonicalBytes(manifest);
  let files = new Map<string, Uint8Array>([
    [RESULT_FILE, resultBytes],
    [MANIFEST_FILE, manifestBytes],
  ]);
  for (const item of manifest.items) files.set(`evidence/${item.id}`, await store.read(item));

  const plain = buildStatement({
    result,
    resultDigest: sha256Hex(resultBytes),
    manifest,
    manifestDigest: sha256Hex(manifestBytes),
  });
  const statement = changes.statement?.(plain) ?? plain;
  const envelope = await signStatement(statement, signer);
  files.set(STATEMENT_FILE, envelope);
  const statementDigest = sha256Hex(statement);
  const page = await renderReportPage(result, manifest, {
    folder: 'acme-cn/7-x',
    keyFingerprint: signer.fingerprint,
    statementDigest,
    envelope: new TextDecoder().decode(envelope).trimEnd(),
  });
  files.set(PAGE_FILE, encoder.encode(page));
  files = new Map(changes.files?.(files) ?? files);
  const packed = [...files].map(([name, bytes]) => ({ name, sha256: sha256Hex(bytes) }));
  const pack = buildPackStatement(packed, statementDigest);
  files.set(PACK_FILE, await signStatement(changes.pack?.(pack) ?? pack, signer));
  return files;
}

/** The files of a report that lies in memory. */
export function memoryFiles(files: ReadonlyMap<string, Uint8Array>): ReportFiles {
  return {
    list: async () => [...files.keys()].sort(),
    read: async (path) => {
      const bytes = files.get(path);
      if (bytes === undefined) throw new Error('no such file');
      return bytes;
    },
  };
}

/** The step that did not end well, with its words; empty where all did. */
export function failedStep({ steps }: VerifyOutcome): string {
  return steps
    .filter(({ status }) => status === 'failed' || status === 'unknown')
    .map(({ id, status, detail }) => `${id} ${status}: ${detail}`)
    .join('; ');
}
