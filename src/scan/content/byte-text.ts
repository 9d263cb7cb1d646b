import { isWide, mayBeGb2312, mayBeUtf8 } from './byte-hints.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const GB18030 = new TextDecoder('gb18030');
const BYTE_ORDER_MARK = /^\ufeff/;

/** Bytes as text: UTF-8, UTF-16 in either order, or Chinese as Windows writes it. `undefined` where they are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  const text = utf8Of(bytes);
  if (text !== undefined) return text;
  if (isWide(bytes, bytes.length, 1)) return wideText(bytes, 1);
  if (isWide(bytes, bytes.length, 0)) return wideText(bytes, 0);
  return mayBeGb2312(bytes, bytes.length) ? GB18030.decode(bytes) : undefined;
}

function utf8Of(bytes: Uint8Array): string | undefined {
  if (!mayBeUtf8(bytes, bytes.length)) return undefined;
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

function wideText(bytes: Uint8Array, high: 0 | 1): string {
  const units = Buffer.from(bytes.subarray(0, bytes.length & ~1));
  return (high === 1 ? units : units.swap16()).toString('utf16le').replace(BYTE_ORDER_MARK, '');
}
