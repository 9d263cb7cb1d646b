import { byCodeUnit, canonicalBytes } from '../core/index.ts';
import type { EvidenceItem, Manifest } from '../evidence/index.ts';
import type { Result } from '../policy/index.ts';
import type { ResidencyPredicate, ResidencyStatement } from '../verification/index.ts';
import { MANIFEST_FILE, RESIDENCY_TYPE, RESULT_FILE, STATEMENT_TYPE } from '../verification/index.ts';

/** What a report statement speaks of, by digest. */
export interface StatementParts {
  readonly result: Result;
  /** SHA-256 of `result.json` as written. */
  readonly resultDigest: string;
  readonly manifest: Manifest;
  /** SHA-256 of `evidence/manifest.json` as written. */
  readonly manifestDigest: string;
}

/** Items that are subjects of their own: what the verdicts were reached with. */
const SIGNED_KINDS: readonly string[] = ['run.policies', 'run.data-sets'];

/** The in-toto Statement v1 of a report: the same result and evidence give the same bytes. */
export function buildStatement(parts: StatementParts): Uint8Array {
  const statement: ResidencyStatement = {
    _type: STATEMENT_TYPE,
    subject: [
      { name: RESULT_FILE, digest: { sha256: parts.resultDigest } },
      { name: MANIFEST_FILE, digest: { sha256: parts.manifestDigest } },
      ...signedItems(parts.manifest).map(({ id, sha256 }) => ({
        name: `evidence/${id}`,
        digest: { sha256 },
      })),
    ],
    predicateType: RESIDENCY_TYPE,
    predicate: predicateOf(parts.result),
  };
  return canonicalBytes(statement);
}

function signedItems({ items }: Manifest): readonly EvidenceItem[] {
  return items.filter(({ key }) => SIGNED_KINDS.includes(key.kind));
}

function predicateOf(result: Result): ResidencyPredicate {
  const { run, deployment } = result;
  return {
    tool: result.tool,
    runBy: run.runBy,
    run: {
      id: run.id,
      slot: run.slot,
      sequence: run.sequence,
      previous: run.previous,
      startedAt: run.startedAt,
      window: run.window,
      validUntil: run.validUntil,
    },
    deployment: {
      id: deployment.id,
      customer: deployment.customer,
      operator: deployment.operator,
      tenancy: deployment.tenancy,
      partition: deployment.partition,
      region: deployment.region,
      jurisdiction: deployment.jurisdiction,
    },
    policies: result.policies.map(({ id, version, sha256 }) => ({ id, version, sha256 })),
    dataSets: result.dataSets.map(({ id, edition, sha256 }) => ({ id, version: edition, sha256 })),
    verdict: result.verdict,
    counts: result.counts,
    controls: result.controls.map(({ id, check, verdict, waived, reasons, findings }) => ({
      id,
      check,
      verdict,
      waived,
      reasons: [...new Set(reasons.map(({ code }) => code))].sort(byCodeUnit),
      findings: findings.map((finding) => finding.id),
    })),
    notAssessed: result.notAssessed.map(({ check }) => check),
    coverage: result.coverage,
    provenance: result.provenance,
    marks: result.marks,
    auditor: result.auditor,
    limitations: result.limitations.map(({ en }) => en),
  };
}
