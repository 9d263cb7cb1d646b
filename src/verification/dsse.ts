import type { Json } from '../core/index.ts';
import { isJsonArray, isJsonObject } from '../core/index.ts';
import { fromBase64, isCanonical, jsonOf } from './bytes.ts';

/** The payload type of in-toto statements. */
export const IN_TOTO_TYPE = 'application/vnd.in-toto+json';

/** A DSSE envelope (Dead Simple Signing Envelope 1.0) as it stands in a file. */
export interface DsseEnvelope {
  readonly payload: string;
  readonly payloadType: string;
  /**
   * Without `keyid`: it is an unauthenticated hint, and some verifiers refuse any that is not an SSH
   * fingerprint. Which key counts is the reader's decision.
   */
  readonly signatures: readonly { readonly sig: string }[];
}

/** An envelope taken apart. */
export interface OpenedEnvelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * What a DSSE signature signs: `DSSEv1 SP len(type) SP type SP len(body) SP body`, lengths in bytes as ASCII
 * decimals (DSSE protocol, PAE).
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const encoder = new TextEncoder();
  const type = encoder.encode(payloadType);
  const head = encoder.encode(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `);
  const encoded = new Uint8Array(head.length + payload.length);
  encoded.set(head);
  encoded.set(payload, head.length);
  return encoded;
}

/** Larger envelopes are refused before they are parsed: 64 MiB. */
const LARGEST_ENVELOPE = 64 * 1024 * 1024;

/**
 * Opens one of our envelope files, or says what is wrong with it. The file must be exactly the canonical JSON
 * of the envelope with exactly one signature and no key hint: what is not signed may not vary either.
 */
export function openEnvelope(file: Uint8Array): OpenedEnvelope | string {
  if (file.length > LARGEST_ENVELOPE) return 'expected an envelope of at most 64 MiB, found a larger one';
  const envelope = jsonOf(file);
  if (!isJsonObject(envelope)) return 'expected a JSON object, found something else';
  const { payload, payloadType, signatures, ...others } = envelope;
  if (Object.keys(others).length > 0)
    return 'expected only payload, payloadType and signatures, found more members';
  if (typeof payload !== 'string' || typeof payloadType !== 'string')
    return 'expected a payload and its type, found none';
  if (!isJsonArray(signatures) || signatures.length !== 1) return 'expected exactly one signature';
  const sig = signatureOf(signatures[0]);
  if (sig === undefined) return 'expected a signature with nothing but sig, found another form';
  const bytes = fromBase64(payload);
  const signature = fromBase64(sig);
  if (bytes === undefined || signature === undefined) return 'expected base64, found something else';
  if (!isCanonical(file, envelope)) return 'expected the canonical form of the envelope, found another one';
  return { payloadType, payload: bytes, signature };
}

function signatureOf(entry: Json | undefined): string | undefined {
  if (!isJsonObject(entry) || Object.keys(entry).length !== 1) return undefined;
  return typeof entry['sig'] === 'string' ? entry['sig'] : undefined;
}
