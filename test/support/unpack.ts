import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Some bytes with the way to them: a path, and what was taken off on the way. */
export interface Unpacked {
  readonly name: string;
  readonly bytes: Buffer;
}

const MOST_WRAPPINGS = 6;
const LARGEST = 256 * 1024 * 1024;

/** Bytes, and whatever is packed in them: gzip, zip, compressed streams of a PDF, and long base64. */
export function* unpack(name: string, bytes: Buffer, wrappings = 0): Generator<Unpacked> {
  yield { name, bytes };
  if (wrappings >= MOST_WRAPPINGS) return;
  for (const [what, inner] of packedIn(bytes)) yield* unpack(`${name} > ${what}`, inner, wrappings + 1);
}

function* packedIn(bytes: Buffer): Generator<readonly [string, Buffer]> {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const plain = attempt(() => gunzipSync(bytes, { maxOutputLength: LARGEST }));
    if (plain !== undefined) yield ['gzip', plain];
  }
  if (bytes.includes('PK\x03\x04', 0, 'latin1')) yield* zipEntries(bytes);
  if (bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) yield* pdfStreams(bytes);
  yield* base64Runs(bytes);
}

/** Entries by their local headers (APPNOTE 4.3.7); a size that stands behind the data is found by inflating. */
function* zipEntries(bytes: Buffer): Generator<readonly [string, Buffer]> {
  for (
    let at = bytes.indexOf('PK\x03\x04', 0, 'latin1');
    at >= 0;
    at = bytes.indexOf('PK\x03\x04', at + 4, 'latin1')
  ) {
    if (at + 30 > bytes.length) return;
    const method = bytes.readUInt16LE(at + 8);
    const size = bytes.readUInt32LE(at + 18);
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    const name = bytes.subarray(at + 30, at + 30 + bytes.readUInt16LE(at + 26)).toString('latin1');
    const data = bytes.subarray(start, size === 0 ? undefined : start + size);
    const plain = method === 8 ? attempt(() => inflateRawSync(data, { maxOutputLength: LARGEST })) : data;
    if (plain !== undefined) yield [`zip entry ${name}`, plain];
  }
}

function* pdfStreams(bytes: Buffer): Generator<readonly [string, Buffer]> {
  let count = 0;
  for (let at = bytes.indexOf('stream'); at >= 0; at = bytes.indexOf('stream', at + 6)) {
    const start = at + 6 + (bytes[at + 6] === 0x0d ? 2 : 1);
    const end = bytes.indexOf('endstream', start);
    if (end < 0) return;
    const plain = attempt(() => inflateSync(bytes.subarray(start, end), { maxOutputLength: LARGEST }));
    if (plain !== undefined) yield [`stream ${(count += 1)}`, plain];
    at = end + 3;
  }
}

/** What is wrapped a second time inside base64 (a statement in its envelope) is found only by unwrapping. */
function* base64Runs(bytes: Buffer): Generator<readonly [string, Buffer]> {
  let count = 0;
  for (const [run] of bytes.toString('latin1').matchAll(/[A-Za-z0-9+/_-]{64,}={0,2}/g)) {
    if (/^[0-9a-f]+$/i.test(run)) continue;
    yield [`base64 ${(count += 1)}`, Buffer.from(run, 'base64')];
  }
}

function attempt(unpackIt: () => Buffer): Buffer | undefined {
  try {
    return unpackIt();
  } catch {
    return undefined;
  }
}
