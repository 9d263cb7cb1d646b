import type { MalformedLine } from '../../evidence/index.ts';
import type { RecordLayout } from './fields.ts';
import { defaultLayout, layoutOf } from './fields.ts';
import type { Measures } from './row-table.ts';

const SPACE = 32;
const DASH = 45;
const ZERO = 48;
const NINE = 57;
const EPHEMERAL = 32_768;
const LONGEST_KEY = 1024;
const MOST_FIELDS = 128;
/** Seconds after the year 5000: a time this large is in milliseconds. */
const MILLISECONDS_FROM = 1e11;

/** What a line turned out to be. A record leaves its key in `key` and its measures in `measures`. */
export type LineKind = 'record' | 'header' | 'blank' | MalformedLine;

/**
 * Reads lines of one object, one after the other. The header row decides the fields; a new one in the middle
 * changes them; without one, only the default format is accepted.
 *
 * The key of a record is made of what the record itself says, normalised where that saves rows: ports from
 * 32768 on become `e`, flags become their role. It is bytes, not strings, since it is made millions of times.
 */
export class LineReader {
  readonly key = new Uint8Array(LONGEST_KEY);
  readonly measures: Measures = { packets: 0, bytes: 0, start: 0, end: 0 };
  readonly formats = new Set<string>();
  length = 0;
  hash = 0;
  #layout: RecordLayout | undefined;
  #first = true;
  readonly #starts = new Int32Array(MOST_FIELDS + 1);

  /** Reads the line of `text` from `from` up to, not including, `to`. */
  read(text: Uint8Array, from: number, to: number): LineKind {
    const end = to > from && text[to - 1] === 13 ? to - 1 : to;
    if (end === from) return 'blank';
    if (this.#mayBeHeader(text, from) && this.#takeHeader(text, from, end)) return 'header';
    if (this.#first) this.#takeLayout(defaultLayout());
    this.#first = false;
    const layout = this.#layout;
    if (layout === undefined) return 'no-header';
    return this.#split(text, from, end) === layout.columns ? this.#record(text, layout) : 'fields';
  }

  /** A header starts with a letter; so do records whose first field is an id, which are told apart by content. */
  #mayBeHeader(text: Uint8Array, from: number): boolean {
    const first = text[from] ?? 0;
    return first > NINE || this.#first;
  }

  #takeHeader(text: Uint8Array, from: number, end: number): boolean {
    if (end - from > 2000) return false;
    const line = new TextDecoder('latin1').decode(text.subarray(from, end));
    if (!line.includes('srcaddr')) return false;
    const layout = layoutOf(line);
    if (layout === undefined) {
      // It looks like a header and is none that can be used: what follows cannot be read.
      this.#layout = undefined;
      this.#first = false;
      return true;
    }
    this.#takeLayout(layout);
    this.#first = false;
    return true;
  }

  #takeLayout(layout: RecordLayout): void {
    this.#layout = layout;
    this.formats.add(layout.names);
  }

  #split(text: Uint8Array, from: number, end: number): number {
    const starts = this.#starts;
    let count = 0;
    starts[0] = from;
    for (let at = from; at < end; at += 1) {
      if (text[at] !== SPACE) continue;
      count += 1;
      if (count >= MOST_FIELDS) return -1;
      starts[count] = at + 1;
    }
    starts[count + 1] = end + 1;
    return count + 1;
  }

  #record(text: Uint8Array, layout: RecordLayout): LineKind {
    const start = this.#seconds(text, layout.start);
    const end = this.#seconds(text, layout.end);
    if (start < 0 || end < start) return 'number';
    this.measures.start = start;
    this.measures.end = end;
    this.length = 0;
    this.hash = 0x811c9dc5;

    const status = text[this.#starts[layout.status] ?? 0] ?? 0;
    this.#push(status);
    this.#push(SPACE);
    this.#field(text, layout.account);
    const dash = text[this.#starts[layout.interface] ?? 0] === DASH;
    this.#field(text, dash && layout.resource >= 0 ? layout.resource : layout.interface);
    if (!this.#isWord(text, layout.status, 'OK')) {
      const known =
        this.#isWord(text, layout.status, 'NODATA') || this.#isWord(text, layout.status, 'SKIPDATA');
      this.measures.packets = 0;
      this.measures.bytes = 0;
      return known ? this.#fits() : 'value';
    }
    if (!this.#isWord(text, layout.action, 'ACCEPT') && !this.#isWord(text, layout.action, 'REJECT'))
      return 'value';
    this.#field(text, layout.source);
    this.#field(text, layout.destination);
    this.#field(text, layout.packetSource);
    this.#field(text, layout.packetDestination);
    this.#field(text, layout.protocol);
    if (!this.#port(text, layout.sourcePort) || !this.#port(text, layout.destinationPort)) return 'number';
    this.#field(text, layout.action);
    if (!this.#role(text, layout.flags)) return 'number';
    this.#field(text, layout.direction);

    const packets = this.#number(text, layout.packets);
    const bytes = this.#number(text, layout.bytes);
    if (packets === -2 || bytes === -2) return 'number';
    this.measures.packets = Math.max(packets, 0);
    this.measures.bytes = bytes;
    return this.#fits();
  }

  #fits(): LineKind {
    return this.length >= LONGEST_KEY ? 'too-long' : 'record';
  }

  #push(byte: number): void {
    if (this.length < LONGEST_KEY) this.key[this.length] = byte;
    this.length += 1;
    this.hash = Math.imul(this.hash ^ byte, 0x01000193);
  }

  /** Copies a field into the key; `-` where the format has none. */
  #field(text: Uint8Array, column: number): void {
    if (column < 0) {
      this.#push(DASH);
    } else {
      const end = (this.#starts[column + 1] ?? 0) - 1;
      for (let at = this.#starts[column] ?? 0; at < end; at += 1) this.#push(text[at] ?? 0);
    }
    this.#push(SPACE);
  }

  #port(text: Uint8Array, column: number): boolean {
    const port = column < 0 ? -1 : this.#number(text, column);
    if (port < EPHEMERAL) {
      this.#field(text, column);
      return port >= -1;
    }
    this.#push(101);
    this.#push(SPACE);
    return port < 65_536;
  }

  #role(text: Uint8Array, column: number): boolean {
    const flags = column < 0 ? -1 : this.#number(text, column);
    if (flags === -2) return false;
    const role = flags === -1 ? 'u' : (flags & 18) === 2 ? 's' : (flags & 18) === 18 ? 'a' : 'o';
    this.#push(role.charCodeAt(0));
    this.#push(SPACE);
    return true;
  }

  /** A number; -1 for `-` or a field that the format lacks; -2 for anything else, or more than 15 digits. */
  #number(text: Uint8Array, column: number): number {
    if (column < 0) return -1;
    const from = this.#starts[column] ?? 0;
    const end = (this.#starts[column + 1] ?? 0) - 1;
    if (end - from === 1 && text[from] === DASH) return -1;
    if (end === from || end - from > 15) return -2;
    let value = 0;
    for (let at = from; at < end; at += 1) {
      const digit = text[at] ?? 0;
      if (digit < ZERO || digit > NINE) return -2;
      value = value * 10 + digit - ZERO;
    }
    return value;
  }

  #seconds(text: Uint8Array, column: number): number {
    const time = this.#number(text, column);
    return time > MILLISECONDS_FROM ? Math.floor(time / 1000) : time;
  }

  #isWord(text: Uint8Array, column: number, word: string): boolean {
    const from = this.#starts[column] ?? 0;
    if ((this.#starts[column + 1] ?? 0) - 1 - from !== word.length) return false;
    for (let index = 0; index < word.length; index += 1)
      if (text[from + index] !== word.charCodeAt(index)) return false;
    return true;
  }
}
