import { RESULT_FILE, STATEMENT_FILE } from '../attestation/index.ts';
import { DomicileError, isJsonArray, isJsonObject, sha256Hex } from '../core/index.ts';
import type { Result } from '../policy/index.ts';
import type { ChainEntry } from '../storage/index.ts';
import type { ReportFiles } from '../verification/index.ts';
import { openEnvelope } from '../verification/index.ts';

/**
 * The result of a stored report, if it is still the one that its statement names, and the statement still the one
 * that the chain names: whoever edits a stored result must not be answered with what he wrote. The signature is not
 * checked here, but by `verify`.
 *
 * @param entry the report's link of the chain, where there is one.
 * @throws DomicileError `DIGEST_MISMATCH` where statement or result are other ones.
 */
export async function storedResult(report: ReportFiles, entry?: ChainEntry): Promise<Result> {
  const bytes = await report.read(RESULT_FILE);
  const envelope = openEnvelope(await report.read(STATEMENT_FILE));
  const statement = typeof envelope === 'string' ? undefined : envelope.payload;
  const isChained =
    statement !== undefined && (entry === undefined || sha256Hex(statement) === entry.statement);
  if (!isChained || !namesResult(statement, sha256Hex(bytes))) {
    throw new DomicileError('DIGEST_MISMATCH', {
      message: 'expected a report as its statement and the chain name it, found a changed one',
      hint: 'restore its folder from a backup; domicile verify names the file',
    });
  }
  return JSON.parse(new TextDecoder().decode(bytes)) as Result;
}

function namesResult(statement: Uint8Array, sha256: string): boolean {
  const value: unknown = JSON.parse(new TextDecoder().decode(statement));
  const subjects = isJsonObject(value) && isJsonArray(value['subject']) ? value['subject'] : [];
  return subjects
    .filter(isJsonObject)
    .some(({ name, digest }) => name === RESULT_FILE && isJsonObject(digest) && digest['sha256'] === sha256);
}
