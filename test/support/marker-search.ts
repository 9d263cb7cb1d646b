import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createRandom } from '../../sim/random.ts';
import { unpack } from './unpack.ts';

/** A text that occurs nowhere else, and where it was planted. */
export interface Marker {
  readonly place: string;
  readonly text: string;
}

/** Something of a marker that was found where it must not be. */
export interface MarkerHit {
  readonly place: string;
  readonly form: string;
  /** The file, and what was unpacked on the way. */
  readonly where: string;
}

const LENGTH = 28;
/** A shorter piece could be met by chance. */
const PIECE = 12;
const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZbcdfghjklmnpqrstvwxz23456789';

/** One marker for each place. No vowels: detectors must not take them for words, nor people for a message. */
export function markersFor(places: readonly string[], seed: number): readonly Marker[] {
  const random = createRandom(seed).fork('markers');
  return places.map((place) => ({
    place,
    text: Array.from({ length: LENGTH }, () => ALPHABET[random.below(ALPHABET.length)]).join(''),
  }));
}

/** Every file below a folder, unpacked and searched. */
export function searchFolder(folder: string, markers: readonly Marker[]): readonly MarkerHit[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    return [...searchText(`name of ${name}`, name, markers), ...search(name, readFileSync(path), markers)];
  });
}

/** Output, logs, job data: whatever else was written. */
export function searchText(name: string, text: string, markers: readonly Marker[]): readonly MarkerHit[] {
  return search(name, Buffer.from(text), markers);
}

function search(name: string, bytes: Buffer, markers: readonly Marker[]): readonly MarkerHit[] {
  const forms = markers.flatMap((marker) => formsOf(marker));
  return [...unpack(name, bytes)].flatMap((part) =>
    forms
      .filter(({ needle }) => part.bytes.includes(needle))
      .map(({ place, form }) => ({ place, form, where: part.name })),
  );
}

interface Form {
  readonly place: string;
  readonly form: string;
  readonly needle: Buffer;
}

/** Raw (by pieces, so that a cut marker is found), base64 in each of its three alignments, hexadecimal, UTF-16. */
function formsOf({ place, text }: Marker): readonly Form[] {
  const form = (name: string, needle: Buffer | string): Form => ({
    place,
    form: name,
    needle: typeof needle === 'string' ? Buffer.from(needle) : needle,
  });
  const wide = Buffer.from(text, 'utf16le');
  const pieces = Array.from({ length: text.length - PIECE + 1 }, (_, at) => text.slice(at, at + PIECE));
  const hex = Buffer.from(text).toString('hex');
  return [
    ...pieces.map((piece) => form('raw', piece)),
    ...[text.toLowerCase(), text.toUpperCase()].map((changed) => form('raw in another case', changed)),
    form('reversed', text.split('').toReversed().join('')),
    ...[0, 1, 2].map((offset) => form(`base64 at offset ${offset}`, base64At(text, offset))),
    form('hexadecimal', hex),
    form('hexadecimal', hex.toUpperCase()),
    form('UTF-16', wide),
    form('UTF-16', Buffer.from(wide).swap16()),
  ];
}

/** The characters of a base64 text that depend on the marker alone, whatever stands before and after it. */
function base64At(text: string, offset: number): string {
  const encoded = Buffer.from(`${'\0'.repeat(offset)}${text}`)
    .toString('base64')
    .replaceAll('=', '');
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + text.length) * 8) / 6));
}
