import type { JsonObject } from '../core/index.ts';
import { isJsonObject } from '../core/index.ts';
import { isCanonical, jsonOf } from './bytes.ts';
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

/** A verified payload, read. A version that this reader does not know is neither right nor wrong. */
export type StatementReading =
  | {
      readonly kind: 'statement';
      readonly subjects: readonly Subject[];
      readonly predicate: JsonObject;
    }
  | { readonly kind: 'wrong'; readonly why: string }
  | { readonly kind: 'unknown-version'; readonly why: string };

/** A statement as far as verification reads it. */
export type ReadStatement = Extract<StatementReading, { kind: 'statement' }>;

const SHA256 = /^[0-9a-f]{64}$/;
const VERSIONED = /^(.{1,200})\/v(\d{1,9})$/;

/**
 * Reads the verified payload of an envelope. It must be canonical JSON: with a member twice, two readers could
 * read two verdicts. A subject without SHA-256 is refused: a digest set matches if any accepted algorithm
 * matches, so a weaker one alone would be a way around (in-toto Statement v1, DigestSet).
 */
export function readStatement(opened: OpenedEnvelope, predicateType: string): StatementReading {
  if (opened.payloadType !== IN_TOTO_TYPE) return wrong(`payload type ${IN_TOTO_TYPE}, found another one`);
  const statement = jsonOf(opened.payload);
  if (!isJsonObject(statement)) return wrong('a JSON statement, found something else');
  if (!isCanonical(opened.payload, statement))
    return wrong('a statement in canonical JSON, found another form');
  if (statement['_type'] !== STATEMENT_TYPE) return wrong(`_type ${STATEMENT_TYPE}, found another one`);
  const version = otherVersion(statement['predicateType'], predicateType);
  if (version !== undefined) return unknownVersion(`predicate type ${predicateType}`, `version ${version}`);
  if (statement['predicateType'] !== predicateType)
    return wrong(`predicate type ${predicateType}, found another one`);
  return readParts(statement);
}

function readParts({ subject, predicate }: JsonObject): StatementReading {
  if (!Array.isArray(subject) || subject.length === 0) return wrong('subjects, found none');
  if (!isJsonObject(predicate)) return wrong('a predicate, found none');
  const subjects = subject.map(subjectOf);
  const found = subjects.filter((one) => one !== undefined);
  if (found.length !== subjects.length)
    return wrong('every subject to have a name and a SHA-256, found one without');
  if (new Set(found.map(({ name }) => name)).size !== found.length)
    return wrong('each subject once, found one twice');
  return { kind: 'statement', subjects: found, predicate };
}

/** What to say of a version that a later domicile made. */
export function unknownVersion(expected: string, found: string): Extract<StatementReading, { why: string }> {
  const why = `expected ${expected}, found ${found}, which this domicile does not know: verify with a newer one`;
  return { kind: 'unknown-version', why };
}

function wrong(what: string): StatementReading {
  return { kind: 'wrong', why: `expected ${what}` };
}

/** The version of a type of the same family, where it is another one. */
function otherVersion(type: unknown, known: string): string | undefined {
  const [, family, version] = (typeof type === 'string' ? VERSIONED.exec(type) : null) ?? [];
  const [, knownFamily, knownVersion] = VERSIONED.exec(known) ?? [];
  return family === knownFamily && version !== knownVersion ? version : undefined;
}

function subjectOf(value: unknown): Subject | undefined {
  if (!isJsonObject(value) || typeof value['name'] !== 'string' || !isJsonObject(value['digest']))
    return undefined;
  const sha256 = value['digest']['sha256'];
  return typeof sha256 === 'string' && SHA256.test(sha256) ? { name: value['name'], sha256 } : undefined;
}
