import type { EvidenceKind } from '../../evidence/index.ts';
import { sharedCalls, withOrigins } from '../../evidence/index.ts';
import { serviceOf } from './clients.ts';

/** The services that a reading of these kinds asks. */
export function servicesOf(kinds: readonly EvidenceKind[]): readonly string[] {
  return [...new Set(sharedCalls(withOrigins(kinds)).map(({ call }) => serviceOf(call)))];
}
