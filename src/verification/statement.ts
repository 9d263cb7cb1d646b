import { isJsonObject } from '../core/index.ts';
import { jsonOf } from './bytes.ts';
import type { OpenedEnvelope } from './dsse.ts';
import { IN_TOTO_TYPE } from './dsse.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const RESIDENCY_TYPE = 'https://domicile.dev/attestation/residency-verdict/v1';
export const PACK_TYPE = 'https://domicile.dev/attestation/report-pack/v1';

/** One thing that a statement speaks of, matched by its digest. */
export interface Subject {
  readonly name: string;
  readonly sha256: string;
}

/** A statement as far as verification reads it. */
export interface ReadStatement {
  readonly subjects: readonly Subject[];
  readonly predicate: Readonly<Record<string, unknown>>;
}

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Reads the verified payload of an envelope, or says what is wrong. A subject without SHA-256 is refused: a
 * digest set matches if any accepted algorithm matches, so a weaker one alone would be a way around.
 */
export function readStatement(opened: OpenedEnvelope, predicateType: string): ReadStatement | string {
  if (opened.payloadType !== IN_TOTO_TYPE) return `expected payload type ${IN_TOTO_TYPE}, found another one`;
  const statement = jsonOf(opened.payload);
  if (!isJsonObject(statement)) return 'expected a JSON statement, found something else';
  if (statement['_type'] !== STATEMENT_TYPE) return `expected _type ${STATEMENT_TYPE}, found another one`;
  if (statement['predicateType'] !== predicateType)
    return `expected predicate type ${predicateType}, found another one`;
  const { subject, predicate } = statement;
  if (!Array.isArray(subject) || subject.length === 0) return 'expected subjects, found none';
  if (!isJsonObject(predicate)) return 'expected a predicate, found none';
  const subjects = subject.map(subjectOf);
  const found = subjects.filter((one) => one !== undefined);
  if (found.length !== subjects.length)
    return 'expected every subject to have a name and a SHA-256, found one without';
  if (new Set(found.map(({ name }) => name)).size !== found.length)
    return 'expected each subject once, found one twice';
  return { subjects: found, predicate };
}

function subjectOf(value: unknown): Subject | undefined {
  if (!isJsonObject(value) || typeof value['name'] !== 'string' || !isJsonObject(value['digest']))
    return undefined;
  const sha256 = value['digest']['sha256'];
  return typeof sha256 === 'string' && SHA256.test(sha256) ? { name: value['name'], sha256 } : undefined;
}
