import { byCodeUnit, canonicalBytes } from '../core/index.ts';
import type { PackStatement } from '../verification/index.ts';
import { PACK_TYPE, STATEMENT_TYPE } from '../verification/index.ts';

/** One file of a report folder, by digest. */
export interface PackedFile {
  readonly name: string;
  readonly sha256: string;
}

/** The statement that lists every file of a report besides itself. */
export function buildPackStatement(files: readonly PackedFile[], statementDigest: string): Uint8Array {
  const subject = [...files]
    .sort((left, right) => byCodeUnit(left.name, right.name))
    .map(({ name, sha256 }) => ({ name, digest: { sha256 } }));
  const statement: PackStatement = {
    _type: STATEMENT_TYPE,
    subject: subject as unknown as PackStatement['subject'],
    predicateType: PACK_TYPE,
    predicate: { statement: statementDigest },
  };
  return canonicalBytes(statement);
}
