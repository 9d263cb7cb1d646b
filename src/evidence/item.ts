import { canonicalBytes, DomicileError, digestOf, sha256Hex } from '../core/index.ts';
import type { EvidenceItem, EvidenceKey } from './model.ts';
import type { EvidenceDraft } from './store.ts';

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/;

/**
 * The path of an item inside a store, made from its key: readable, unique, and safe as a file name on any
 * system. What an audited system can choose (parameters, targets) enters only as a digest.
 */
export function itemId(key: EvidenceKey): string {
  const place = [key.account, key.region].filter((part) => part !== '').map(segment);
  const call = segment(key.call.replaceAll(':', '.'));
  const rest = digestOf({ target: key.target, parameters: key.parameters, partition: key.partition }).slice(
    0,
    16,
  );
  return [segment(key.kind), ...place, `${call}.${key.phase}.${key.part}.${rest}.json`].join('/');
}

function segment(text: string): string {
  if (!SEGMENT.test(text)) {
    throw new DomicileError('BAD_INPUT', 'expected evidence key parts of letters, digits, dots and dashes');
  }
  return text;
}

/** The manifest entry and the stored bytes of a draft. */
export function sealDraft(draft: EvidenceDraft): { readonly item: EvidenceItem; readonly bytes: Uint8Array } {
  const bytes = canonicalBytes(draft.body ?? null);
  const { body: _body, ...described } = draft;
  return {
    item: { ...described, id: itemId(draft.key), sha256: sha256Hex(bytes), size: bytes.length },
    bytes,
  };
}

/**
 * The parsed body of an item, after its size and digest were checked against the manifest.
 *
 * @throws DomicileError `DIGEST_MISMATCH` where the bytes are not those that the manifest lists.
 */
export function checkedBytes(item: EvidenceItem, bytes: Uint8Array): Uint8Array {
  if (bytes.length !== item.size || sha256Hex(bytes) !== item.sha256) {
    throw new DomicileError('DIGEST_MISMATCH', {
      message: `expected evidence item ${item.id} with SHA-256 ${item.sha256}, found other bytes`,
      hint: 'the evidence was changed after it was collected: collect it again',
    });
  }
  return bytes;
}
