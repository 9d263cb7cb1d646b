import { AWS_KINDS } from './aws-kinds.ts';
import { BEYOND_KINDS } from './aws-kinds-beyond.ts';
import { BYPASS_KINDS } from './aws-kinds-bypass.ts';
import { NETWORK_KINDS } from './aws-kinds-network.ts';
import type { EvidenceKind } from './evidence-kind.ts';
import type { KindSpec } from './kind-spec.ts';

const OTHER_KINDS: readonly KindSpec[] = [
  { kind: 'postgres.catalog', source: 'postgres', calls: [], grants: ['CONNECT', 'pg_read_all_settings'] },
  {
    kind: 'postgres.content',
    source: 'postgres',
    calls: [],
    grants: ['USAGE ON SCHEMA', 'SELECT ON ALL TABLES'],
  },
  { kind: 'flow-logs.listing', source: 'flow-logs', calls: [], grants: ['s3:ListBucket'] },
  { kind: 'flow-logs.records', source: 'flow-logs', calls: [], grants: ['s3:GetObject', 'kms:Decrypt'] },
  ...(
    [
      'run.inventory',
      'run.policies',
      'run.waivers',
      'run.data-maps',
      'run.data-sets',
      'run.legal-texts',
      'run.ledger',
      'run.clock',
      'auditor.connections',
      'auditor.location',
    ] as const
  ).map((kind): KindSpec => ({ kind, source: 'run', calls: [], grants: [] })),
];

/** Every kind with the calls, IAM actions or grants that bring it: the one source of plan, policy and grants. */
export const KINDS: ReadonlyMap<EvidenceKind, KindSpec> = new Map(
  [...AWS_KINDS, ...NETWORK_KINDS, ...BEYOND_KINDS, ...BYPASS_KINDS, ...OTHER_KINDS].map((spec) => [
    spec.kind,
    spec,
  ]),
);
