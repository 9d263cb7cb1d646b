import type { Signer } from '../attestation/index.ts';
import {
  buildPackStatement,
  buildStatement,
  PACK_FILE,
  PAGE_FILE,
  RESULT_FILE,
  STATEMENT_FILE,
  signStatement,
} from '../attestation/index.ts';
import { loadGraphLayout } from '../config/index.ts';
import { canonicalBytes, sha256Hex } from '../core/index.ts';
import type { Manifest } from '../evidence/index.ts';
import type { Result } from '../policy/index.ts';
import { renderReportPage } from '../report/index.ts';
import type { ReportDraft } from '../storage/index.ts';

/** `<sequence>-<runId>`: the report's folder below its deployment's. */
export function reportName({ run }: Result): string {
  return `${run.sequence}-${run.id}`;
}

/** The unsigned statement of a result: the same result and manifest give the same bytes. */
export function statementOf(result: Result, manifest: Manifest): Uint8Array {
  return buildStatement({
    result,
    resultDigest: sha256Hex(canonicalBytes(result)),
    manifest,
    manifestDigest: sha256Hex(canonicalBytes(manifest)),
  });
}

/**
 * Signs a result and writes the report's files: result, statement, the page that embeds it, and last the pack
 * statement over every file.
 */
export async function attestReport(
  folder: ReportDraft,
  result: Result,
  manifest: Manifest,
  signer: Signer,
): Promise<void> {
  const statement = statementOf(result, manifest);
  const statementDigest = sha256Hex(statement);
  const envelope = await signStatement(statement, signer);
  await folder.write(RESULT_FILE, canonicalBytes(result));
  await folder.write(STATEMENT_FILE, envelope);
  await folder.write(
    PAGE_FILE,
    await renderReportPage(
      result,
      manifest,
      {
        folder: `${result.deployment.id}/${reportName(result)}`,
        keyFingerprint: signer.fingerprint,
        statementDigest,
        envelope: new TextDecoder().decode(envelope).trimEnd(),
      },
      await loadGraphLayout(),
    ),
  );
  const files = (await folder.digests()).filter(({ name }) => name !== PACK_FILE);
  await folder.write(PACK_FILE, await signStatement(buildPackStatement(files, statementDigest), signer));
}
