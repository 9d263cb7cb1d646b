// The flow-log kernel, in AssemblyScript: text of log objects in, rows with exact totals out.
//
// src/scan/flow-log/kernel.ts holds the other half (headers, new names, new IPv6 spellings, spans that do not
// touch) and says what each export does. This half holds what runs once a record: 64 bytes at a time are turned
// into a list of separators, each field is found in that list, numbers are read eight digits at once, and a row
// is found by its 28-byte key in an open-addressing table.
//
// Everything here reads hostile bytes. Nothing read from the text is used as an address or a size; loads may run
// up to 16 bytes past a field, which the padding around the window allows; every table has a limit.

// What the other half answers. The module is named after this file.
/** The number of an "account interface" text that was not met before, or -1 where it is none. */
declare function newEndpoint(from: usize, length: i32): i32;
/** Of an address that is no dotted quad: the number of an IPv6 address, -1 for no address, -2 - n for a mapped IPv4 address n. */
declare function newAddress(from: usize, length: i32): f64;
/** Takes a span that does not touch the one that follows it. */
declare function keepSpan(endpoint: u32, lost: i32, start: u32, end: u32): void;

const WINDOW: u32 = 256 * 1024;
const LONGEST_LINE: u32 = 8192;
const PADDING: u32 = 64;
/** A carried line and its newline stand before the window's own bytes. */
const TEXT_BYTES: u32 = WINDOW + LONGEST_LINE + 2 * PADDING;

const CR: u32 = 13;
const SPACE: u32 = 32;
const DASH: u32 = 45;
const DOT: u32 = 46;
const ZERO: u32 = 48;
const NINE: u32 = 57;

// Malformed lines, by the order of MALFORMED in kernel.ts.
const FIELDS: u32 = 0;
const NUMBER: u32 = 1;
const ADDRESS: u32 = 2;
const VALUE: u32 = 3;
const TOO_LONG: u32 = 4;
const NO_HEADER: u32 = 5;
const NOTHING_WRONG: u32 = 99;

// What scan() stopped for.
const DONE: i32 = 0;
const AT_HEADER: i32 = 1;
const AT_FIRST_LINE: i32 = 2;
const FULL: i32 = 3;

// States of the layout.
const UNKNOWN: u32 = 0;
const KNOWN: u32 = 1;
const UNUSABLE: u32 = 2;

const FIRST_IN_MILLISECONDS: i64 = 100_000_000_001;
// The second after the last one must have a number too, since spans that touch are one.
const LARGEST_SECOND: i64 = 0xfffffffe;
/** Sums stop here, far above what a total may be (2^53): they never wrap round to something small. */
const LARGEST_SUM: i64 = 1 << 62;

const EPHEMERAL: u32 = 32_768;
const NO_PORT: u32 = 65_535;

// Families of an address in a row's flags.
const NONE: u32 = 0;
const IPV4: u32 = 1;
const IPV6: u32 = 2;

// ---------------------------------------------------------------------------------------------- memory

let heap: usize = 0;

/** Zeroed memory, eight-byte aligned, never given back: the instance lives as long as one reduction. */
function allocate(bytes: usize): usize {
  const at = heap;
  heap = (heap + bytes + 7) & ~7;
  const missing = <i32>((heap + 0xffff) >>> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  return at;
}

let text: usize = 0;
let separators: usize = 0;
let lines: usize = 0;
let columns: usize = 0;
let malformed: usize = 0;
let scratch: usize = 0;
let octets: usize = 0;

let rowLimit: u32 = 0;
let textLimit: u32 = 0;

/** Sets the tables up. `heapStart` is where the compiler's own data ends. */
export function start(rows: u32, texts: u32): void {
  rowLimit = rows;
  textLimit = texts;
  heap = (__heap_base + 63) & ~63;
  text = allocate(TEXT_BYTES) + PADDING;
  // One more in front: the separator before the first field.
  separators = allocate(4 * (TEXT_BYTES + 64)) + 8;
  lines = allocate(4 * (TEXT_BYTES + 64)) + 8;
  columns = allocate(4 * 32);
  malformed = allocate(4 * 8);
  scratch = allocate(256);
  octets = allocate(256);
  segments = allocate(4 * 4096);
  slots = allocate(4 * 4096);
  slotMask = 4095;
  entries = allocate(ENTRY * 1024);
  entryMask = 1023;
  endpoints = allocate(ENDPOINT * 256);
  endpointRoom = 256;
  batch = allocate(ROW * (BATCH_ROWS + 1));
  rankOctets();
  listPatterns();
}

/** The ranks of 0 to 255 as texts: 0, 1, 10, 100, 101, … A quad of ranks orders as the address's text does. */
function rankOctets(): void {
  let rank: u32 = 0;
  for (let hundreds: u32 = 0; hundreds < 10; hundreds++) {
    store<u8>(octets + hundreds, rank++);
    if (hundreds === 0) continue;
    for (let tens: u32 = 0; tens < 10; tens++) {
      if (hundreds * 10 + tens > 255) break;
      store<u8>(octets + hundreds * 10 + tens, rank++);
      for (let ones: u32 = 0; ones < 10; ones++) {
        const octet = hundreds * 100 + tens * 10 + ones;
        if (octet > 255) break;
        store<u8>(octets + octet, rank++);
      }
    }
  }
}

export function textAt(): usize {
  return text;
}
export function windowBytes(): u32 {
  return WINDOW;
}
export function columnsAt(): usize {
  return columns;
}
export function malformedAt(): usize {
  return malformed;
}

// ---------------------------------------------------------------------------------------------- separators

let lineCount: u32 = 0;
let nextLine: u32 = 0;
let nextSeparator: u32 = 0;

/**
 * Lists the spaces and newlines of `length` bytes, at most those of a window, and which of them are newlines.
 * Gives how many bytes the whole lines take; the rest is for the caller to come back to.
 */
export function index(start: usize, length: u32): u32 {
  const space = i8x16.splat(32);
  const newline = i8x16.splat(10);
  let line = lines;
  let count: u32 = 0;
  for (let at: u32 = 0; at < length; at += 64) {
    const from = start + at;
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    const na = i8x16.eq(a, newline);
    const nb = i8x16.eq(b, newline);
    const nc = i8x16.eq(c, newline);
    const nd = i8x16.eq(d, newline);
    let mask = together(
      v128.or(na, i8x16.eq(a, space)),
      v128.or(nb, i8x16.eq(b, space)),
      v128.or(nc, i8x16.eq(c, space)),
      v128.or(nd, i8x16.eq(d, space)),
    );
    let ends = together(na, nb, nc, nd);
    if (length - at < 64) {
      const inside = (<u64>1 << (length - at)) - 1;
      mask &= inside;
      ends &= inside;
    }
    // Twelve are written whatever there are: what is too much is overwritten, and no branch is guessed wrong.
    let out = separators + ((<usize>count) << 2);
    const found = <u32>popcnt(mask);
    store<u32>(line, count + <u32>popcnt(mask & (below(ends))));
    const newlines = <u32>popcnt(ends);
    if (newlines > 1) moreLines(line, ends, mask, count);
    line += (<usize>newlines) << 2;
    count += found;
    while (true) {
      mask = place(out, <u32>from, mask, 0);
      mask = place(out, <u32>from, mask, 4);
      mask = place(out, <u32>from, mask, 8);
      mask = place(out, <u32>from, mask, 12);
      mask = place(out, <u32>from, mask, 16);
      mask = place(out, <u32>from, mask, 20);
      mask = place(out, <u32>from, mask, 24);
      mask = place(out, <u32>from, mask, 28);
      mask = place(out, <u32>from, mask, 32);
      mask = place(out, <u32>from, mask, 36);
      mask = place(out, <u32>from, mask, 40);
      mask = place(out, <u32>from, mask, 44);
      if (mask === 0) break;
      out += 48;
    }
  }
  lineCount = <u32>((line - lines) >> 2);
  nextLine = 0;
  nextSeparator = 0;
  store<u32>(separators - 4, <u32>start - 1);
  if (lineCount === 0) return 0;
  return load<u32>(separators + ((<usize>load<u32>(line - 4)) << 2)) + 1 - <u32>start;
}

/** The bits below the lowest one. */
// @ts-ignore: decorator
@inline
function below(bits: u64): u64 {
  return (bits - 1) & ~bits;
}

// @ts-ignore: decorator
@inline
function place(out: usize, from: u32, mask: u64, at: usize): u64 {
  store<u32>(out + at, from + <u32>ctz(mask));
  return mask & (mask - 1);
}

function moreLines(line: usize, ends: u64, mask: u64, count: u32): void {
  let rest = ends;
  for (let at = line; rest !== 0; at += 4) {
    store<u32>(at, count + <u32>popcnt(mask & below(rest)));
    rest &= rest - 1;
  }
}

// @ts-ignore: decorator
@inline
function together(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a)) |
    (<u64>(<u32>i8x16.bitmask(b)) << 16) |
    (<u64>(<u32>i8x16.bitmask(c)) << 32) |
    (<u64>(<u32>i8x16.bitmask(d)) << 48)
  );
}

// ---------------------------------------------------------------------------------------------- lines

let layout: u32 = UNKNOWN;
let columnCount: u32 = 0;
let records: u32 = 0;
let headerAt: usize = 0;
let headerLength: u32 = 0;

export function beginObject(): void {
  layout = UNKNOWN;
  records = 0;
  memory.fill(malformed, 0, 4 * 8);
}

export function recordCount(): u32 {
  return records;
}

/** Takes the columns that were written to `columnsAt()`: byte offsets into a line's separators, -4 where there is none. */
export function useLayout(count: u32): void {
  columnCount = count;
  layout = count === 0 ? UNUSABLE : KNOWN;
}

export function countTooLong(): void {
  count(TOO_LONG);
}

export function headerStart(): usize {
  return headerAt;
}
export function headerBytes(): u32 {
  return headerLength;
}

/** Goes past the header line that scan() stopped at. */
export function passHeader(): void {
  nextSeparator = load<u32>(lines + ((<usize>nextLine) << 2)) + 1;
  nextLine++;
}

/** Reads the indexed lines from where it stopped; says why it stopped. */
export function scan(): i32 {
  while (nextLine < lineCount) {
    const first = nextSeparator;
    const last = load<u32>(lines + ((<usize>nextLine) << 2));
    const here = separators + ((<usize>first) << 2);
    const lastAt = separators + ((<usize>last) << 2);
    const from = <usize>load<u32>(here - 4) + 1;
    const newline = load<u32>(lastAt);
    let wrong = NOTHING_WRONG;
    if (newline - <u32>from > LONGEST_LINE) {
      wrong = TOO_LONG;
    } else {
      const end = newline > <u32>from && load<u8>(newline - 1) === CR ? newline - 1 : newline;
      if (end !== <u32>from) {
        const letter = load<u8>(from) > NINE;
        if (letter || layout !== KNOWN) {
          if (letter && isHeader(from, end, here, lastAt)) return AT_HEADER;
          if (layout === UNKNOWN) return AT_FIRST_LINE;
        }
        if (layout === UNUSABLE) wrong = NO_HEADER;
        else if (last - first + 1 !== columnCount) wrong = FIELDS;
        else {
          // The last field ends before a carriage return, but the next line still starts after the newline.
          store<u32>(lastAt, end);
          wrong = record(here);
          store<u32>(lastAt, newline);
          if (full) return FULL;
        }
      }
    }
    if (wrong !== NOTHING_WRONG) count(wrong);
    nextSeparator = last + 1;
    nextLine++;
  }
  addBatch(batched);
  batched = 0;
  return full ? FULL : DONE;
}

function count(wrong: u32): void {
  const at = malformed + ((<usize>wrong) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Whether a field of the line is the word `srcaddr`, which no format can do without and no value is. */
function isHeader(from: usize, end: u32, here: usize, lastAt: usize): bool {
  let field = <u32>from;
  for (let at = here; at <= lastAt; at += 4) {
    const fieldEnd = at === lastAt ? end : load<u32>(at);
    if (fieldEnd - field === 7 && (load<u64>(field) & 0xffffffffffffff) === 0x72646461637273) {
      headerAt = from;
      headerLength = end - <u32>from;
      return true;
    }
    field = fieldEnd + 1;
  }
  return false;
}

// ---------------------------------------------------------------------------------------------- fields

// Columns, in the order of COLUMNS in kernel.ts.
// @ts-ignore: decorator
@inline
function column(which: u32): i32 {
  return load<i32>(columns + ((<usize>which) << 2));
}
const ACCOUNT: u32 = 0;
const INTERFACE: u32 = 1;
const RESOURCE: u32 = 2;
const SOURCE: u32 = 3;
const DESTINATION: u32 = 4;
const PACKET_SOURCE: u32 = 5;
const PACKET_DESTINATION: u32 = 6;
const PROTOCOL: u32 = 7;
const SOURCE_PORT: u32 = 8;
const DESTINATION_PORT: u32 = 9;
const PACKETS: u32 = 10;
const BYTES: u32 = 11;
const START: u32 = 12;
const END: u32 = 13;
const ACTION: u32 = 14;
const STATUS: u32 = 15;
const FLAGS: u32 = 16;
const DIRECTION: u32 = 17;

// @ts-ignore: decorator
@inline
function startOf(here: usize, at: i32): usize {
  return <usize>load<u32>(here + at - 4) + 1;
}
// @ts-ignore: decorator
@inline
function endOf(here: usize, at: i32): usize {
  return <usize>load<u32>(here + at);
}

/** A number of up to 15 digits; -1 for `-` or a column that the format lacks; -2 for anything else. */
// @ts-ignore: decorator
@inline
function number(here: usize, which: u32): i64 {
  const at = column(which);
  if (at < 0) return -1;
  const from = startOf(here, at);
  const end = endOf(here, at);
  const length = <u32>(end - from);
  if (length < 8) {
    if (length === 0) return -2;
    const value = few(from, length);
    return value < 0 && length === 1 && load<u8>(from) === DASH ? -1 : value;
  }
  if (length > 15) return -2;
  const low = eight(load<u64>(end - 8));
  if (low < 0 || length === 8) return low;
  const high = few(from, length - 8);
  return high < 0 ? -2 : high * 100_000_000 + low;
}

/** One to seven digits. */
// @ts-ignore: decorator
@inline
function few(from: usize, length: u32): i64 {
  const bits = <u64>(length << 3);
  return eight((load<u64>(from) << (64 - bits)) | (0x3030303030303030 >> bits));
}

/** Eight digits, the first in the lowest byte; -2 where one is none. */
// @ts-ignore: decorator
@inline
function eight(digits: u64): i64 {
  const high = digits & 0xf0f0f0f0f0f0f0f0;
  const over = ((digits + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4;
  if ((high | over) !== 0x3333333333333333) return -2;
  let value = ((digits & 0x0f0f0f0f0f0f0f0f) * 2561) >> 8;
  value = ((value & 0x00ff00ff00ff00ff) * 6_553_601) >> 16;
  return <i64>(((value & 0x0000ffff0000ffff) * 42_949_672_960_001) >> 32);
}

/** Unix seconds below 2^32, from seconds or milliseconds; negative for anything else. */
// @ts-ignore: decorator
@inline
function seconds(here: usize, which: u32): i64 {
  const at = column(which);
  const from = startOf(here, at);
  const end = endOf(here, at);
  // From 2001 to 2286 Unix seconds have ten digits.
  if (end - from === 10) {
    const low = eight(load<u64>(from, 2));
    const high = (<u32>load<u8>(from) - ZERO) * 10 + <u32>load<u8>(from, 1) - ZERO;
    if (low < 0 || <u32>load<u8>(from, 1) - ZERO > 9 || high > 42) return -2;
    const time = <i64>high * 100_000_000 + low;
    return time > LARGEST_SECOND ? -2 : time;
  }
  const time = number(here, which);
  const inSeconds = time >= FIRST_IN_MILLISECONDS ? <i64>(<u64>time / 1000) : time;
  return inSeconds > LARGEST_SECOND ? -2 : inSeconds;
}

/** A port class: exact below 32768, else EPHEMERAL; NO_PORT for none; larger for what is no port. */
// @ts-ignore: decorator
@inline
function port(here: usize, which: u32): u32 {
  const value = number(here, which);
  if (value === -1) return NO_PORT;
  if (value < 0 || value > 65_535) return NO_PORT + 1;
  return value < <i64>EPHEMERAL ? <u32>value : EPHEMERAL;
}

/**
 * The ranks of a dotted quad's octets, first octet highest, or -1. The dots say how long each octet is; a shuffle
 * by these lengths brings hundreds, tens and ones together. No branch depends on the address.
 */
// @ts-ignore: decorator
@inline
function quad(from: usize, end: usize): i64 {
  const length = <u32>(end - from);
  if (length > 15) return -1;
  const inside = (<u32>1 << length) - 1;
  const bytes = v128.load(from);
  const dots = <u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(46))) & inside;
  const digits = i8x16.sub(bytes, i8x16.splat(48));
  const others = <u32>i8x16.bitmask(i8x16.gt_u(digits, i8x16.splat(9))) & inside;
  const second = dots & (dots - 1);
  const third = second & (second - 1);
  const a = <u32>ctz(dots);
  const b = <u32>ctz(second) - a - 1;
  const c = <u32>ctz(third) - a - b - 2;
  const d = length - a - b - c - 3;
  const pattern = patterns + ((<usize>((a & 3) | ((b & 3) << 2) | ((c & 3) << 4) | ((d & 3) << 6))) << 5);
  const placed = v128.swizzle(digits, v128.load(pattern));
  const weighed = i16x8.extmul_low_i8x16_u(placed, v128.load(patterns));
  const ones = i16x8.extend_high_i8x16_u(placed);
  const sums =
    i64x2.extract_lane(weighed, 0) + i64x2.extract_lane(weighed, 1) + i64x2.extract_lane(ones, 0);
  // An octet of two or three digits is at least 10 or 100: no leading zeros.
  const shortfall = ((sums | 0x4000400040004000) - load<i64>(pattern, 16)) & 0x4000400040004000;
  const isQuad =
    (third & (third - 1)) === 0 &&
    third !== 0 &&
    others === dots &&
    (a | b | c | d) <= 3 &&
    load<u32>(pattern, 24) !== 0 &&
    (sums & 0x3f00ff00ff00ff00) === 0 &&
    shortfall === 0x4000400040004000;
  if (!isQuad) return -1;
  return <i64>(
    ((<u32>load<u8>(octets + <usize>(sums & 255)) << 24) |
      (<u32>load<u8>(octets + <usize>((sums >> 16) & 255)) << 16) |
      (<u32>load<u8>(octets + <usize>((sums >> 32) & 255)) << 8) |
      load<u8>(octets + <usize>((sums >> 48) & 255)))
  );
}

let patterns: usize = 0;

/**
 * For each four lengths of octets, at 32 bytes each: where hundreds (4), tens (4) and ones (4) stand in the text,
 * the least that the octets may be (8), and whether all lengths are 1 to 3. Place 0, of no quad, holds the weights.
 */
function listPatterns(): void {
  patterns = allocate(32 * 256);
  for (let lengths: u32 = 0; lengths < 256; lengths++) {
    const at = patterns + ((<usize>lengths) << 5);
    let from: u32 = 0;
    let valid: u32 = 1;
    for (let octet: u32 = 0; octet < 4; octet++) {
      const length = (lengths >> (octet << 1)) & 3;
      if (length === 0) valid = 0;
      // 255 shuffles in a zero.
      store<u8>(at + octet, length > 2 ? from + length - 3 : 255);
      store<u8>(at + octet, length > 1 ? from + length - 2 : 255, 4);
      store<u8>(at + octet, length > 0 ? from + length - 1 : 255, 8);
      store<u16>(at + ((<usize>octet) << 1), length > 2 ? 100 : length > 1 ? 10 : 0, 16);
      from += length + 1;
    }
    store<u32>(at + 12, 0xffffffff);
    store<u32>(at, valid, 24);
  }
  for (let octet: u32 = 0; octet < 4; octet++) {
    store<u8>(patterns + octet, 100);
    store<u8>(patterns + octet, 10, 4);
  }
}

let family: u32 = NONE;

/** The number of an address, and its family in `family`: NONE where it is no address. */
// @ts-ignore: decorator
@inline
function address(here: usize, at: i32): u32 {
  const from = startOf(here, at);
  const end = endOf(here, at);
  const value = quad(from, end);
  if (value >= 0) {
    family = IPV4;
    return <u32>value;
  }
  const entry = find(from, <u32>(end - from), 1);
  if (entry === 0) {
    family = NONE;
    return 0;
  }
  family = load<u32>(entry, 16);
  return load<u32>(entry, 12);
}

/** The number of the interface that a record is of, or -1. */
// @ts-ignore: decorator
@inline
function endpoint(here: usize): i32 {
  const account = column(ACCOUNT);
  let own = column(INTERFACE);
  const resource = column(RESOURCE);
  if (resource >= 0 && load<u8>(startOf(here, own)) === DASH) own = resource;
  let entry: usize = 0;
  if (account >= 0 && own === account + 4) {
    const from = startOf(here, account);
    entry = find(from, <u32>(endOf(here, own) - from), 0);
  } else {
    let at = scratch;
    if (account < 0) {
      store<u8>(at++, DASH);
    } else {
      const from = startOf(here, account);
      const length = endOf(here, account) - from;
      if (length > 32) return -1;
      memory.copy(at, from, length);
      at += length;
    }
    store<u8>(at++, SPACE);
    const from = startOf(here, own);
    const length = endOf(here, own) - from;
    if (length > 64) return -1;
    memory.copy(at, from, length);
    at += length;
    entry = find(scratch, <u32>(at - scratch), 0);
  }
  return entry === 0 ? -1 : <i32>load<u32>(entry, 12);
}

// ---------------------------------------------------------------------------------------------- records

// @ts-ignore: decorator
@inline
function record(here: usize): u32 {
  const first = seconds(here, START);
  const last = seconds(here, END);
  if (first < 0 || last < first) return NUMBER;

  const actionAt = column(ACTION);
  const actionFrom = startOf(here, actionAt);
  const statusAt = column(STATUS);
  const statusFrom = startOf(here, statusAt);
  const statusEnd = endOf(here, statusAt);
  const status = load<u64>(statusFrom);
  let accepted = true;
  // "ACCEPT OK", as it stands in the usual formats.
  if (
    statusEnd - actionFrom !== 9 ||
    load<u64>(actionFrom) !== 0x4f20545045434341 ||
    (status & 0xffff) !== 0x4b4f
  ) {
    const statusLength = <u32>(statusEnd - statusFrom);
    if (statusLength !== 2 || (status & 0xffff) !== 0x4b4f) {
      const nodata = statusLength === 6 && (status & 0xffffffffffff) === 0x415441444f4e;
      const skipdata = statusLength === 8 && status === 0x41544144_50494b53;
      return nodata || skipdata ? noData(here, skipdata, <u32>first, <u32>last) : VALUE;
    }
    if (endOf(here, actionAt) - actionFrom !== 6) return VALUE;
    const action = load<u64>(actionFrom) & 0xffffffffffff;
    accepted = action === 0x545045434341;
    if (!accepted && action !== 0x5443454a4552) return VALUE;
  }

  const own = endpoint(here);
  if (own < 0) return ADDRESS;
  const source = address(here, column(SOURCE));
  let families = family;
  if (family === NONE) return ADDRESS;
  const destination = address(here, column(DESTINATION));
  families |= family << 2;
  if (family === NONE) return ADDRESS;
  const packetSource = packetAddress(here, column(PACKET_SOURCE));
  families |= family << 4;
  const packetDestination = packetAddress(here, column(PACKET_DESTINATION));
  families |= family << 6;
  if (noAddress) {
    noAddress = false;
    return ADDRESS;
  }

  const protocol = number(here, PROTOCOL);
  const sourcePort = port(here, SOURCE_PORT);
  const destinationPort = port(here, DESTINATION_PORT);
  const flags = number(here, FLAGS);
  const packets = number(here, PACKETS);
  const bytes = number(here, BYTES);
  if (
    protocol === -2 ||
    protocol > 255 ||
    sourcePort > NO_PORT ||
    destinationPort > NO_PORT ||
    flags === -2 ||
    packets === -2 ||
    bytes === -2
  ) {
    return NUMBER;
  }
  const direction = directionOf(here);
  if (direction > 2) return VALUE;

  // What `role` means: 0 unknown, 1 other, 2 SYN, 3 SYN-ACK.
  const handshake = <u32>flags & 18;
  const role: u32 = flags < 0 ? 0 : handshake === 2 ? 2 : handshake === 18 ? 3 : 1;
  const entry = batch + <usize>batched * ROW;
  store<u32>(entry, <u32>own);
  store<u32>(
    entry,
    <u32>(protocol + 1) | (<u32>accepted << 9) | (role << 10) | (direction << 12) | (families << 14),
    4,
  );
  store<u32>(entry, source, 8);
  store<u32>(entry, destination, 12);
  store<u32>(entry, packetSource, 16);
  store<u32>(entry, packetDestination, 20);
  store<u32>(entry, sourcePort | (destinationPort << 16), 24);
  store<u32>(entry, 1, 28);
  store<i64>(entry, packets < 0 ? 0 : packets, 32);
  store<i64>(entry, bytes < 0 ? 0 : bytes, 40);
  store<u32>(entry, <u32>first, 48);
  store<u32>(entry, <u32>last, 52);
  store<u32>(entry, bytes < 0 ? 1 : 0, 56);
  batched++;
  if (batched === BATCH_ROWS) {
    addBatch(batched);
    batched = 0;
  }
  records++;
  const counters = endpoints + <usize>own * ENDPOINT;
  store<u32>(counters, load<u32>(counters) + 1);
  observe(counters, <u32>own, <u32>first, <u32>last);
  return NOTHING_WRONG;
}

/** A record that says that there were no packets, or that AWS lost them. */
function noData(here: usize, lost: bool, first: u32, last: u32): u32 {
  const own = endpoint(here);
  if (own < 0) return ADDRESS;
  const counters = endpoints + <usize>own * ENDPOINT;
  records++;
  if (lost) {
    store<u32>(counters, load<u32>(counters, 8) + 1, 8);
    lose(counters, own, first, last);
  } else {
    store<u32>(counters, load<u32>(counters, 4) + 1, 4);
    observe(counters, own, first, last);
  }
  return NOTHING_WRONG;
}

let noAddress: bool = false;

/** As address(), but a column that is not there, or says `-`, is fine. */
function packetAddress(here: usize, at: i32): u32 {
  family = NONE;
  if (at < 0) return 0;
  const from = startOf(here, at);
  if (endOf(here, at) - from === 1 && load<u8>(from) === DASH) return 0;
  const value = address(here, at);
  if (family === NONE) noAddress = true;
  return value;
}

/** 0 for none, 1 ingress, 2 egress, 3 for anything else. */
// @ts-ignore: decorator
@inline
function directionOf(here: usize): u32 {
  const at = column(DIRECTION);
  if (at < 0) return 0;
  const from = startOf(here, at);
  const length = <u32>(endOf(here, at) - from);
  const word = load<u64>(from);
  if (length === 7 && (word & 0xffffffffffffff) === 0x73736572676e69) return 1;
  if (length === 6 && (word & 0xffffffffffff) === 0x737365726765) return 2;
  return length === 1 && (word & 0xff) === DASH ? 0 : 3;
}

// @ts-ignore: decorator
@inline
function sum(left: i64, right: i64): i64 {
  const total = left + right;
  return total > LARGEST_SUM ? LARGEST_SUM : total;
}

// ---------------------------------------------------------------------------------------------- interfaces

// An interface: ok, nodata, skipdata, state, start and end of the current lost span, then the first second of its
// map of observed seconds, and the map: a bit for each of the seconds from there. Records come in no order of time,
// so a current span would change all the time; setting bits is the union.
const ENDPOINT: usize = 288;
const LOST: u32 = 16;
const MAP_BASE: u32 = 24;
const MAP: u32 = 32;
const MAP_SECONDS: u32 = 2048;
const MAP_WORDS: u32 = 32;
/** What a map leaves before the record that begins it, since earlier ones of the same object may follow. */
const SECONDS_BEFORE: u32 = 704;
const HAS_MAP: u32 = 1;
const HAS_LOST: u32 = 2;
/** An account has some thousands; hostile names must not fill the memory. */
const MOST_ENDPOINTS: u32 = 100_000;
let endpoints: usize = 0;
let endpointRoom: u32 = 0;
let endpointCount: u32 = 0;

/** Makes room for interfaces up to `count`. */
export function reserveEndpoints(count: u32): void {
  if (count > endpointRoom) {
    const larger = allocate(ENDPOINT * <usize>count * 2);
    memory.copy(larger, endpoints, ENDPOINT * <usize>endpointRoom);
    endpoints = larger;
    endpointRoom = count * 2;
  }
  if (count > endpointCount) endpointCount = count;
}

export function endpointsAt(): usize {
  return endpoints;
}

/** Adds an observed span to an interface's time. */
// @ts-ignore: decorator
@inline
function observe(counters: usize, own: u32, start: u32, end: u32): void {
  const base = load<u32>(counters, MAP_BASE);
  const hasMap = (load<u32>(counters, 12) & HAS_MAP) !== 0;
  // Unsigned: a start before the base is far beyond the map.
  if (hasMap && start - base < MAP_SECONDS && end - base < MAP_SECONDS) mark(counters, start - base, end - base);
  else beginMap(counters, own, start, end);
}

function mark(counters: usize, first: u32, last: u32): void {
  const map = counters + MAP;
  let at = map + ((<usize>(first >> 6)) << 3);
  const lastAt = map + ((<usize>(last >> 6)) << 3);
  let mask = <u64>-1 << (<u64>first & 63);
  while (at < lastAt) {
    store<u64>(at, load<u64>(at) | mask);
    mask = -1;
    at += 8;
  }
  mask &= <u64>-1 >> (63 - (<u64>last & 63));
  store<u64>(at, load<u64>(at) | mask);
}

function beginMap(counters: usize, own: u32, start: u32, end: u32): void {
  flushMap(counters, own);
  if (end - start >= MAP_SECONDS - SECONDS_BEFORE - 64) {
    keepSpan(own, 0, start, end);
    return;
  }
  const from = start > SECONDS_BEFORE ? (start - SECONDS_BEFORE) & ~63 : 0;
  store<u32>(counters, from, MAP_BASE);
  store<u32>(counters, load<u32>(counters, 12) | HAS_MAP, 12);
  mark(counters, start - from, end - from);
}

/** Gives the runs of an interface's map away, and clears it. */
function flushMap(counters: usize, own: u32): void {
  const state = load<u32>(counters, 12);
  if ((state & HAS_MAP) === 0) return;
  store<u32>(counters, state & ~HAS_MAP, 12);
  const base = load<u32>(counters, MAP_BASE);
  let runs = false;
  let runStart: u32 = 0;
  for (let word: u32 = 0; word < MAP_WORDS; word++) {
    const at = counters + MAP + ((<usize>word) << 3);
    let bits = load<u64>(at);
    store<u64>(at, 0);
    const first = base + (word << 6);
    // A run ends where a bit is not set; one that reaches the next word goes on there.
    let offset: u32 = 0;
    while (offset < 64) {
      if (runs) {
        const length = <u32>ctz(~bits);
        if (length + offset >= 64) break;
        offset += length;
        bits >>= <u64>length;
        keepSpan(own, 0, runStart, first + offset - 1);
        runs = false;
      } else {
        if (bits === 0) break;
        const gap = <u32>ctz(bits);
        offset += gap;
        bits >>= <u64>gap;
        runStart = first + offset;
        runs = true;
      }
    }
  }
  if (runs) keepSpan(own, 0, runStart, base + MAP_SECONDS - 1);
}

/** Gives all spans away that are still here. */
export function flushSpans(): void {
  for (let own: u32 = 0; own < endpointCount; own++) {
    const counters = endpoints + <usize>own * ENDPOINT;
    flushMap(counters, own);
    const state = load<u32>(counters, 12);
    if ((state & HAS_LOST) === 0) continue;
    store<u32>(counters, state & ~HAS_LOST, 12);
    keepSpan(own, 1, load<u32>(counters, LOST), load<u32>(counters, LOST + 4));
  }
}

/** Adds a span in which AWS lost records. They are few. */
function lose(counters: usize, own: u32, start: u32, end: u32): void {
  const at = counters + LOST;
  const state = load<u32>(counters, 12);
  if ((state & HAS_LOST) !== 0) {
    const knownStart = load<u32>(at);
    const knownEnd = load<u32>(at, 4);
    if (<u64>start <= <u64>knownEnd + 1 && <u64>end + 1 >= <u64>knownStart) {
      store<u32>(at, min(start, knownStart));
      store<u32>(at, max(end, knownEnd), 4);
      return;
    }
    keepSpan(own, 1, knownStart, knownEnd);
  } else {
    store<u32>(counters, state | HAS_LOST, 12);
  }
  store<u32>(at, start);
  store<u32>(at, end, 4);
}

// ---------------------------------------------------------------------------------------------- texts

// A text that was met: hash, kind and length, where it is kept, its number, its family, unused.
const ENTRY: usize = 24;
const LONGEST_TEXT: u32 = 64;
let entries: usize = 0;
let entryMask: u32 = 0;
let entryCount: u32 = 0;
let full: bool = false;

export function isFull(): bool {
  return full;
}

/** The entry of a text of `kind` (0 interface, 1 address), or 0 where it is none. */
function find(from: usize, length: u32, kind: u32): usize {
  if (length > LONGEST_TEXT) return 0;
  const hash = hashOf(from, length, kind);
  const mark = (kind << 16) | length;
  let slot = hash & entryMask;
  while (true) {
    const entry = entries + <usize>slot * ENTRY;
    const kept = load<u32>(entry, 8);
    if (kept === 0) return insert(from, length, kind, hash);
    if (load<u32>(entry) === hash && load<u32>(entry, 4) === mark && same(kept, from, length)) return entry;
    slot = (slot + 1) & entryMask;
  }
}

function insert(from: usize, length: u32, kind: u32, hash: u32): usize {
  let number: u32 = 0;
  let numberFamily: u32 = NONE;
  if (kind === 0) {
    const given = newEndpoint(from, length);
    if (given < 0) return 0;
    if (<u32>given >= MOST_ENDPOINTS) {
      full = true;
      return 0;
    }
    number = given;
    reserveEndpoints(number + 1);
  } else {
    const given = newAddress(from, length);
    if (given === -1) return 0;
    number = <u32>(given < 0 ? -2 - given : given);
    numberFamily = given < 0 ? IPV4 : IPV6;
    if (given < 0) number = ranked(number);
  }
  if (entryCount >= textLimit) {
    full = true;
    return 0;
  }
  if (entryCount * 2 > entryMask) growEntries();
  entryCount++;
  const kept = allocate(<usize>((length + 7) & ~7));
  memory.copy(kept, from, length);
  let slot = hash & entryMask;
  while (load<u32>(entries + <usize>slot * ENTRY, 8) !== 0) slot = (slot + 1) & entryMask;
  const entry = entries + <usize>slot * ENTRY;
  store<u32>(entry, hash);
  store<u32>(entry, (kind << 16) | length, 4);
  store<u32>(entry, <u32>kept, 8);
  store<u32>(entry, number, 12);
  store<u32>(entry, numberFamily, 16);
  return entry;
}

function ranked(value: u32): u32 {
  return (
    (<u32>load<u8>(octets + (value >> 24)) << 24) |
    (<u32>load<u8>(octets + ((value >> 16) & 255)) << 16) |
    (<u32>load<u8>(octets + ((value >> 8) & 255)) << 8) |
    load<u8>(octets + (value & 255))
  );
}

function growEntries(): void {
  const old = entries;
  const oldMask = entryMask;
  entryMask = oldMask * 2 + 1;
  entries = allocate(ENTRY * (<usize>entryMask + 1));
  for (let slot: u32 = 0; slot <= oldMask; slot++) {
    const from = old + <usize>slot * ENTRY;
    if (load<u32>(from, 8) === 0) continue;
    let to = load<u32>(from) & entryMask;
    while (load<u32>(entries + <usize>to * ENTRY, 8) !== 0) to = (to + 1) & entryMask;
    memory.copy(entries + <usize>to * ENTRY, from, ENTRY);
  }
}

// @ts-ignore: decorator
@inline
function hashOf(from: usize, length: u32, kind: u32): u32 {
  let hash: u64 = <u64>(length | (kind << 16));
  let at: u32 = 0;
  for (; at + 8 <= length; at += 8) hash = rotl(hash, 23) + load<u64>(from + at) * 0x9e3779b97f4a7c15;
  if (at < length) hash = rotl(hash, 23) + tail(from + at, length - at) * 0x9e3779b97f4a7c15;
  const mixed = mix(hash);
  return <u32>(mixed ^ (mixed >> 32));
}

// @ts-ignore: decorator
@inline
function mix(value: u64): u64 {
  const product = value * 0xff51afd7ed558ccd;
  return product ^ (product >> 29);
}

/** One to seven bytes. */
// @ts-ignore: decorator
@inline
function tail(from: usize, length: u32): u64 {
  return load<u64>(from) & (<u64>-1 >> <u64>(64 - (length << 3)));
}

// @ts-ignore: decorator
@inline
function same(kept: usize, from: usize, length: u32): bool {
  let at: u32 = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(kept + at) !== load<u64>(from + at)) return false;
  return at === length || load<u64>(kept + at) === tail(from + at, length - at);
}

// ---------------------------------------------------------------------------------------------- rows

// A row: interface, flags, source, destination, packet source, packet destination, ports (28 bytes of key);
// flows, packets (8), bytes (8), first, last, records without bytes, hash.
const ROW: usize = 64;
const SEGMENT_ROWS: u32 = 32_768;
let segments: usize = 0;
let slots: usize = 0;
let slotMask: u32 = 0;
let rowCount: u32 = 0;

export function rows(): u32 {
  return rowCount;
}

export function segmentsAt(): usize {
  return segments;
}

// @ts-ignore: decorator
@inline
function rowAt(row: u32): usize {
  return <usize>load<u32>(segments + ((<usize>(row / SEGMENT_ROWS)) << 2)) + <usize>(row % SEGMENT_ROWS) * ROW;
}

// A batch of rows that are to be added. Rows lie far apart in memory: looking many up at once lets the processor
// wait for many of them at the same time.
const BATCH_ROWS: u32 = 512;
let batch: usize = 0;
let batched: u32 = 0;
/** What the looking ahead read: kept, so that the compiler keeps the reads. */
let seen: u32 = 0;

export function batchAt(): usize {
  return batch;
}
export function batchRows(): u32 {
  return BATCH_ROWS;
}

function addBatch(count: u32): void {
  const end = batch + <usize>count * ROW;
  let ahead: u32 = 0;
  for (let entry = batch; entry < end; entry += ROW) {
    const hash = keyHash(entry);
    store<u32>(entry, hash, 60);
    ahead += load<u32>(slots + ((<usize>(hash & slotMask)) << 2));
  }
  if (rowCount > 0) {
    for (let entry = batch; entry < end; entry += ROW) {
      const found = load<u32>(slots + ((<usize>(load<u32>(entry, 60) & slotMask)) << 2)) & ROW_BITS;
      ahead += load<u32>(rowAt(found === 0 ? 0 : found - 1));
    }
  }
  seen = ahead;
  for (let entry = batch; entry < end; entry += ROW) {
    const row = findRow(entry);
    if (row === 0) return;
    store<u32>(row, load<u32>(row, 28) + load<u32>(entry, 28), 28);
    store<i64>(row, sum(load<i64>(row, 32), load<i64>(entry, 32)), 32);
    store<i64>(row, sum(load<i64>(row, 40), load<i64>(entry, 40)), 40);
    store<u32>(row, min(load<u32>(row, 48), load<u32>(entry, 48)), 48);
    store<u32>(row, max(load<u32>(row, 52), load<u32>(entry, 52)), 52);
    store<u32>(row, load<u32>(row, 56) + load<u32>(entry, 56), 56);
  }
}

// @ts-ignore: decorator
@inline
function keyHash(entry: usize): u32 {
  let hash = load<u64>(entry) * 0x9e3779b97f4a7c15;
  hash = rotl(hash, 23) + load<u64>(entry, 8) * 0xc2b2ae3d27d4eb4f;
  hash = rotl(hash, 23) + load<u64>(entry, 16) * 0x165667b19e3779f9;
  hash = rotl(hash, 23) + <u64>load<u32>(entry, 24) * 0x27d4eb2f165667c5;
  const mixed = mix(hash);
  return <u32>(mixed ^ (mixed >> 32));
}

// A slot: the number of a row, from 1, and the highest bits of its hash.
const ROW_BITS: u32 = (1 << 21) - 1;

/** The row with an entry's key, made where there is none; 0 where the table is full. */
function findRow(entry: usize): usize {
  const hash = load<u32>(entry, 60);
  let slot = hash & slotMask;
  while (true) {
    const found = load<u32>(slots + ((<usize>slot) << 2));
    if (found === 0) return addRow(entry, hash, slot);
    if (((found ^ hash) & ~ROW_BITS) === 0) {
      const row = rowAt((found & ROW_BITS) - 1);
      if (isSameKey(row, entry)) return row;
    }
    slot = (slot + 1) & slotMask;
  }
}

// @ts-ignore: decorator
@inline
function isSameKey(row: usize, entry: usize): bool {
  return (
    ((load<u64>(row) ^ load<u64>(entry)) |
      (load<u64>(row, 8) ^ load<u64>(entry, 8)) |
      (load<u64>(row, 16) ^ load<u64>(entry, 16)) |
      (<u64>load<u32>(row, 24) ^ <u64>load<u32>(entry, 24))) ===
    0
  );
}

function addRow(entry: usize, hash: u32, slot: u32): usize {
  if (rowCount >= rowLimit) {
    full = true;
    return 0;
  }
  if (rowCount % SEGMENT_ROWS === 0) {
    store<u32>(segments + ((<usize>(rowCount / SEGMENT_ROWS)) << 2), <u32>allocate(ROW * SEGMENT_ROWS));
  }
  const row = rowAt(rowCount);
  rowCount++;
  store<u32>(slots + ((<usize>slot) << 2), (hash & ~ROW_BITS) | rowCount);
  memory.copy(row, entry, 28);
  store<u32>(row, 0xffffffff, 48);
  store<u32>(row, hash, 60);
  if (rowCount * 2 > slotMask) growSlots();
  return row;
}

function growSlots(): void {
  slotMask = slotMask * 2 + 1;
  // The old slots, and those before them, lie unused: together less than the new ones.
  slots = allocate(4 * (<usize>slotMask + 1));
  for (let row: u32 = 0; row < rowCount; row++) {
    const hash = load<u32>(rowAt(row), 60);
    let slot = hash & slotMask;
    while (load<u32>(slots + ((<usize>slot) << 2)) !== 0) slot = (slot + 1) & slotMask;
    store<u32>(slots + ((<usize>slot) << 2), (hash & ~ROW_BITS) | (row + 1));
  }
}

// ---------------------------------------------------------------------------------------------- merging

let endpointNumbers: usize = 0;
let addressNumbers: usize = 0;

/** Room for tables that say which number here each interface and each IPv6 address of another table has. */
export function reserveNumbers(endpointsThere: u32, addressesThere: u32): void {
  endpointNumbers = allocate(4 * <usize>endpointsThere + 8);
  addressNumbers = allocate(4 * <usize>addressesThere + 8);
}
export function endpointNumbersAt(): usize {
  return endpointNumbers;
}
export function addressNumbersAt(): usize {
  return addressNumbers;
}

/** Adds the first `count` rows of the batch, which are another table's, to this one. False where it is full. */
export function absorb(count: u32): bool {
  for (let index: u32 = 0; index < count; index++) {
    const entry = batch + <usize>index * ROW;
    const families = load<u32>(entry, 4) >> 14;
    store<u32>(entry, load<u32>(endpointNumbers + ((<usize>load<u32>(entry)) << 2)));
    store<u32>(entry, own(entry, 8, families), 8);
    store<u32>(entry, own(entry, 12, families >> 2), 12);
    store<u32>(entry, own(entry, 16, families >> 4), 16);
    store<u32>(entry, own(entry, 20, families >> 6), 20);
  }
  addBatch(count);
  return !full;
}

function own(from: usize, at: usize, family: u32): u32 {
  const value = load<u32>(from + at);
  return (family & 3) === IPV6 ? load<u32>(addressNumbers + ((<usize>value) << 2)) : value;
}

// ---------------------------------------------------------------------------------------------- order

let endpointRanks: usize = 0;
let addressRanks: usize = 0;

/** Room for what order the texts have: a rank for each interface, a rank and a threshold for each IPv6 address. */
export function reserveRanks(endpointsHere: u32, addressesHere: u32): void {
  endpointRanks = allocate(4 * <usize>endpointsHere + 8);
  addressRanks = allocate(8 * <usize>addressesHere + 8);
}
export function endpointRanksAt(): usize {
  return endpointRanks;
}
export function addressRanksAt(): usize {
  return addressRanks;
}

// An entry of the order: source and destination where both are IPv4, the row's number, and whether they are.
const SORTED: usize = 16;

/** Orders the rows as their keys' texts are ordered, and gives where the entries stand in that order. */
export function sort(): usize {
  const places = allocate(4 * (<usize>endpointCount + 2));
  for (let row: u32 = 0; row < rowCount; row++) {
    const at = places + ((<usize>rankOf(row) + 1) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  for (let rank: u32 = 0; rank < endpointCount; rank++) {
    const at = places + ((<usize>rank) << 2);
    store<u32>(at, load<u32>(at) + load<u32>(at, 4), 4);
  }
  const entries = allocate(SORTED * (<usize>rowCount + 1));
  for (let row: u32 = 0; row < rowCount; row++) {
    const placeAt = places + ((<usize>rankOf(row)) << 2);
    const place = load<u32>(placeAt);
    store<u32>(placeAt, place + 1);
    const entry = entries + <usize>place * SORTED;
    const at = rowAt(row);
    store<u64>(entry, (<u64>load<u32>(at, 8) << 32) | load<u32>(at, 12));
    store<u32>(entry, row, 8);
    store<u32>(entry, ((load<u32>(at, 4) >> 14) & 15) === 5 ? 1 : 0, 12);
  }
  const other = allocate(SORTED * (<usize>rowCount + 1));
  let low: u32 = 0;
  for (let rank: u32 = 0; rank < endpointCount; rank++) {
    // Each place has moved on to where its interface's rows end.
    const high = load<u32>(places + ((<usize>rank) << 2));
    sortRun(entries, other, low, high);
    low = high;
  }
  return entries;
}

function rankOf(row: u32): u32 {
  return load<u32>(endpointRanks + ((<usize>load<u32>(rowAt(row))) << 2));
}

/** Merge sort: what order the input has changes nothing about the time. The result is in `entries`. */
function sortRun(entries: usize, other: usize, low: u32, high: u32): void {
  let from = entries;
  let to = other;
  for (let width: u32 = 1; width < high - low; width *= 2) {
    for (let start = low; start < high; start += width * 2) {
      mergeRuns(from, to, start, min(start + width, high), min(start + width * 2, high));
    }
    const swapped = from;
    from = to;
    to = swapped;
  }
  if (from !== entries) {
    memory.copy(entries + <usize>low * SORTED, from + <usize>low * SORTED, <usize>(high - low) * SORTED);
  }
}

function mergeRuns(from: usize, to: usize, low: u32, middle: u32, high: u32): void {
  let left = low;
  let right = middle;
  for (let at = low; at < high; at++) {
    const a = from + <usize>left * SORTED;
    const b = from + <usize>right * SORTED;
    const takeLeft = right >= high || (left < middle && isEntryBefore(a, b));
    const taken = takeLeft ? a : b;
    v128.store(to + <usize>at * SORTED, v128.load(taken));
    if (takeLeft) left++;
    else right++;
  }
}

function isEntryBefore(a: usize, b: usize): bool {
  const left = load<u64>(a);
  const right = load<u64>(b);
  if (left !== right && (load<u32>(a, 12) & load<u32>(b, 12)) !== 0) return left < right;
  return isBefore(rowAt(load<u32>(a, 8)), rowAt(load<u32>(b, 8)));
}

function isBefore(a: usize, b: usize): bool {
  const ea = load<u32>(endpointRanks + ((<usize>load<u32>(a)) << 2));
  const eb = load<u32>(endpointRanks + ((<usize>load<u32>(b)) << 2));
  if (ea !== eb) return ea < eb;
  const flagsA = load<u32>(a, 4);
  const flagsB = load<u32>(b, 4);
  const familiesA = flagsA >> 14;
  const familiesB = flagsB >> 14;
  for (let field: u32 = 0; field < 4; field++) {
    const va = load<u32>(a + 8 + ((<usize>field) << 2));
    const vb = load<u32>(b + 8 + ((<usize>field) << 2));
    const fa = (familiesA >> (field << 1)) & 3;
    const fb = (familiesB >> (field << 1)) & 3;
    if (va === vb && fa === fb) continue;
    if (fa === IPV4 && fb === IPV4) return va < vb;
    return addressOrder(va, fa) < addressOrder(vb, fb);
  }
  const protocolA = protocolOrder(flagsA & 511);
  const protocolB = protocolOrder(flagsB & 511);
  if (protocolA !== protocolB) return protocolA < protocolB;
  const portsA = load<u32>(a, 24);
  const portsB = load<u32>(b, 24);
  const sourceA = portOrder(portsA & 0xffff);
  const sourceB = portOrder(portsB & 0xffff);
  if (sourceA !== sourceB) return sourceA < sourceB;
  const destinationA = portOrder(portsA >> 16);
  const destinationB = portOrder(portsB >> 16);
  if (destinationA !== destinationB) return destinationA < destinationB;
  const acceptedA = (flagsA >> 9) & 1;
  const acceptedB = (flagsB >> 9) & 1;
  if (acceptedA !== acceptedB) return acceptedA > acceptedB;
  const roleA = roleOrder((flagsA >> 10) & 3);
  const roleB = roleOrder((flagsB >> 10) & 3);
  if (roleA !== roleB) return roleA < roleB;
  return directionOrder((flagsA >> 12) & 3) < directionOrder((flagsB >> 12) & 3);
}

/** Every quad above the 31 bits that order IPv6 addresses between two first octets; `-` before all. */
function addressOrder(value: u32, family: u32): u64 {
  if (family === NONE) return 0;
  if (family === IPV4) return (<u64>value << 31) | 0x7fffffff;
  const rank = addressRanks + ((<usize>value) << 3);
  return (<u64>load<u32>(rank, 4) << 55) | load<u32>(rank);
}

/** `-`, then numbers as texts. */
function protocolOrder(stored: u32): u32 {
  return stored === 0 ? 0 : <u32>load<u8>(octets + stored - 1) + 1;
}

/** `-`, then numbers as texts, then `ephemeral`. */
function portOrder(value: u32): u32 {
  if (value === NO_PORT) return 0;
  if (value === EPHEMERAL) return 0xffffffff;
  // Digits left-aligned in five places of eleven: a missing digit is before every digit.
  let digits: u32 = 1;
  for (let power: u32 = 10; power <= value; power *= 10) digits++;
  let order: u32 = 0;
  let rest = value;
  let place: u32 = 1;
  for (let gap = digits; gap < 5; gap++) place *= 11;
  for (let digit: u32 = 0; digit < digits; digit++) {
    order += (rest % 10 + 1) * place;
    rest /= 10;
    place *= 11;
  }
  return order + 1;
}

/** other, syn, syn-ack, unknown. */
function roleOrder(role: u32): u32 {
  return role === 0 ? 3 : role - 1;
}

/** `-`, egress, ingress. */
function directionOrder(direction: u32): u32 {
  return direction === 0 ? 0 : 3 - direction;
}

// ---------------------------------------------------------------------------------------------- inflating

// Deflate (RFC 1951), since what zlib inflates has to be copied here, and leaves buffers of the size of an object
// behind. The caller holds the result against the object's checksum and size, and asks zlib about whatever fails.

let storedFrom: usize = 0;
let storedRoom: u32 = 0;
let inflatedFrom: usize = 0;
let inflatedRoom: u32 = 0;
/** Loads and copies may run this far past the end. */
const SLACK: u32 = 512;

/** Makes room for a stored object and its text, and for somewhat larger ones: objects of one log are of like size. */
export function reserveObject(stored: u32, inflated: u32): void {
  if (stored > storedRoom) {
    storedRoom = stored + stored / 4;
    storedFrom = allocate(storedRoom + SLACK);
  }
  if (inflated > inflatedRoom) {
    inflatedRoom = inflated + inflated / 4;
    inflatedFrom = allocate(PADDING + inflatedRoom + SLACK) + PADDING;
  }
}
export function storedAt(): usize {
  return storedFrom;
}
export function inflatedAt(): usize {
  return inflatedFrom;
}

const LITERAL_BITS: u32 = 11;
const DISTANCE_BITS: u32 = 8;
const CODE_BITS: u32 = 7;
// Entries of a table: LITERAL, value in bits 16 to 23, bits in 0 to 7; or a base in bits 16 to 30, bits of its code
// in 8 to 11, bits with the extra ones in 0 to 7; or SPECIAL with END, or with SUBTABLE, its place in bits 16 to 30
// and its bits in 8 to 11; or SPECIAL alone for what no code is.
const LITERAL: u32 = 0x80000000;
const SPECIAL: u32 = 0x8000;
const SUBTABLE: u32 = 0x4000;
const END_OF_BLOCK: u32 = 0x2000;
const LITERAL_ENTRIES: u32 = 2400;
const DISTANCE_ENTRIES: u32 = 512;

let literals: usize = 0;
let distances: usize = 0;
let codes: usize = 0;
let lengthsAt: usize = 0;
let longest: usize = 0;

function allocateInflater(): void {
  literals = allocate(4 * LITERAL_ENTRIES);
  distances = allocate(4 * DISTANCE_ENTRIES);
  codes = allocate(4 * 128);
  lengthsAt = allocate(512);
  longest = allocate(2048);
}

/** The meaning of a symbol, but for the bits of its code. */
function meaning(kind: u32, symbol: u32): u32 {
  if (kind === 2) return symbol << 16;
  if (kind === 1) {
    if (symbol > 29) return SPECIAL;
    if (symbol < 4) return (symbol + 1) << 16;
    const extra = (symbol >> 1) - 1;
    return ((((2 + (symbol & 1)) << extra) + 1) << 16) | extra;
  }
  if (symbol < 256) return LITERAL | (symbol << 16);
  if (symbol === 256) return SPECIAL | END_OF_BLOCK;
  if (symbol > 285) return SPECIAL;
  if (symbol === 285) return 258 << 16;
  if (symbol < 265) return (symbol - 254) << 16;
  const extra = (symbol - 261) >> 2;
  return ((((4 + ((symbol - 265) & 3)) << extra) + 3) << 16) | extra;
}

/** Builds the table of a canonical code from its lengths (RFC 1951, 3.2.2). False where they make no code. */
function build(lengths: usize, symbols: u32, bits: u32, table: usize, room: u32, kind: u32): bool {
  const counts = scratch;
  memory.fill(counts, 0, 64);
  let highest: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = <u32>load<u8>(lengths + symbol);
    store<u32>(counts + ((<usize>length) << 2), load<u32>(counts + ((<usize>length) << 2)) + 1);
    if (length > highest) highest = length;
  }
  const main: u32 = 1 << bits;
  for (let at: u32 = 0; at < main; at++) store<u32>(table + ((<usize>at) << 2), SPECIAL);
  if (highest === 0) return kind === 1;
  let left: i32 = 1;
  for (let length: u32 = 1; length < 16; length++) {
    left = (left << 1) - load<i32>(counts + ((<usize>length) << 2));
    if (left < 0) return false;
  }
  // A code may be incomplete only where it has a single word, of one bit.
  if (left > 0 && (kind === 2 || highest !== 1)) return false;

  // The first word of each length; then, for words longer than the table, how long those with one beginning get.
  const next = scratch + 64;
  let word: u32 = 0;
  store<u32>(counts, 0);
  for (let length: u32 = 1; length < 16; length++) {
    word = (word + load<u32>(counts + ((<usize>(length - 1)) << 2))) << 1;
    store<u32>(next + ((<usize>length) << 2), word);
  }
  if (highest > bits) {
    memory.fill(longest, 0, main);
    let long = load<u32>(next + ((<usize>(bits + 1)) << 2));
    for (let length = bits + 1; length <= highest; length++) {
      const words = load<u32>(counts + ((<usize>length) << 2));
      long = load<u32>(next + ((<usize>length) << 2));
      for (let at: u32 = 0; at < words; at++) {
        store<u8>(longest + (reversed(long + at, length) & (main - 1)), length);
      }
    }
    let place = main;
    for (let at: u32 = 0; at < main; at++) {
      const length = <u32>load<u8>(longest + at);
      if (length === 0) continue;
      const size: u32 = 1 << (length - bits);
      if (place + size > room) return false;
      store<u32>(table + ((<usize>at) << 2), SPECIAL | SUBTABLE | (place << 16) | ((length - bits) << 8) | bits);
      for (let inner: u32 = 0; inner < size; inner++) store<u32>(table + ((<usize>(place + inner)) << 2), SPECIAL);
      place += size;
    }
  }

  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const length = <u32>load<u8>(lengths + symbol);
    if (length === 0) continue;
    const nextAt = next + ((<usize>length) << 2);
    const code = reversed(load<u32>(nextAt), length);
    store<u32>(nextAt, load<u32>(nextAt) + 1);
    const said = meaning(kind, symbol);
    if (length <= bits) {
      fill(table, code, 1 << length, main, withBits(said, length));
    } else {
      const pointer = load<u32>(table + ((<usize>(code & (main - 1))) << 2));
      const inner = table + ((<usize>((pointer >> 16) & 0x7fff)) << 2);
      fill(inner, code >> bits, 1 << (length - bits), 1 << ((pointer >> 8) & 15), withBits(said, length - bits));
    }
  }
  return true;
}

function withBits(said: u32, length: u32): u32 {
  return (said & SPECIAL) !== 0 || (said & LITERAL) !== 0 ? said | length : (said + length) | (length << 8);
}

function fill(table: usize, from: u32, step: u32, size: u32, entry: u32): void {
  for (let at = from; at < size; at += step) store<u32>(table + ((<usize>at) << 2), entry);
}

function reversed(word: u32, length: u32): u32 {
  let result: u32 = 0;
  for (let bit: u32 = 0; bit < length; bit++) result |= ((word >> bit) & 1) << (length - 1 - bit);
  return result;
}

let bitBuffer: u64 = 0;
let bitCount: u32 = 0;
let inAt: usize = 0;
let inEnd: usize = 0;
let outAt: usize = 0;
let outStart: usize = 0;
let outEnd: usize = 0;

// @ts-ignore: decorator
@inline
function refill(): void {
  bitBuffer |= load<u64>(inAt) << <u64>bitCount;
  inAt += <usize>((63 - bitCount) >> 3);
  bitCount |= 56;
}

function take(bits: u32): u32 {
  const value = <u32>(bitBuffer & ((<u64>1 << <u64>bits) - 1));
  bitBuffer >>= <u64>bits;
  bitCount -= bits;
  return value;
}

/**
 * Inflates one stream that starts `from` bytes into the stored object, which has `stored` of them, to `to` bytes
 * into the text and at most up to `limit`. Gives where the text then ends, or -1 for whatever went wrong.
 */
export function inflate(stored: u32, from: u32, to: u32, limit: u32): i32 {
  if (literals === 0) allocateInflater();
  bitBuffer = 0;
  bitCount = 0;
  inAt = storedFrom + from;
  inEnd = storedFrom + stored;
  outStart = inflatedFrom + to;
  outAt = outStart;
  outEnd = inflatedFrom + min(limit, inflatedRoom);
  let last: u32 = 0;
  while (last === 0) {
    if (inAt > inEnd + 8) return -1;
    refill();
    last = take(1);
    const kind = take(2);
    if (kind === 0) {
      if (!storedBlock()) return -1;
      continue;
    }
    if (kind === 3 || !(kind === 1 ? fixedCodes() : readCodes()) || !block()) return -1;
  }
  inAt -= <usize>(bitCount >> 3);
  return inAt > inEnd ? -1 : <i32>(outAt - inflatedFrom);
}

/** Where in the stored object the stream ended. */
export function inflatedUpTo(): u32 {
  return <u32>(inAt - storedFrom);
}

function storedBlock(): bool {
  take(bitCount & 7);
  inAt -= <usize>(bitCount >> 3);
  bitBuffer = 0;
  bitCount = 0;
  if (inAt + 4 > inEnd) return false;
  const length = <u32>load<u16>(inAt);
  if ((length ^ <u32>load<u16>(inAt, 2)) !== 0xffff) return false;
  inAt += 4;
  if (inAt + length > inEnd || outAt + length > outEnd) return false;
  memory.copy(outAt, inAt, length);
  inAt += length;
  outAt += length;
  return true;
}

function fixedCodes(): bool {
  memory.fill(lengthsAt, 8, 144);
  memory.fill(lengthsAt + 144, 9, 112);
  memory.fill(lengthsAt + 256, 7, 24);
  memory.fill(lengthsAt + 280, 8, 8);
  if (!build(lengthsAt, 288, LITERAL_BITS, literals, LITERAL_ENTRIES, 0)) return false;
  memory.fill(lengthsAt, 5, 32);
  return build(lengthsAt, 32, DISTANCE_BITS, distances, DISTANCE_ENTRIES, 1);
}

/** The place of each code length's own code length (RFC 1951, 3.2.7). */
function orderOf(index: u32): u32 {
  if (index < 3) return 16 + index;
  if (index === 3) return 0;
  const step = index >> 1;
  return (index & 1) === 0 ? 6 + step : 9 - step;
}

function readCodes(): bool {
  const literalCount = take(5) + 257;
  const distanceCount = take(5) + 1;
  const codeCount = take(4) + 4;
  if (literalCount > 286 || distanceCount > 30) return false;
  memory.fill(lengthsAt, 0, 19);
  for (let index: u32 = 0; index < codeCount; index++) {
    if (bitCount < 3) refill();
    store<u8>(lengthsAt + orderOf(index), <u8>take(3));
  }
  if (!build(lengthsAt, 19, CODE_BITS, codes, 128, 2)) return false;
  const total = literalCount + distanceCount;
  let at: u32 = 0;
  while (at < total) {
    if (inAt > inEnd + 8) return false;
    refill();
    const entry = load<u32>(codes + ((<usize>(bitBuffer & 127)) << 2));
    if ((entry & SPECIAL) !== 0) return false;
    take(entry & 255);
    const symbol = entry >> 16;
    if (symbol < 16) {
      store<u8>(lengthsAt + at, <u8>symbol);
      at++;
      continue;
    }
    if (symbol === 16 && at === 0) return false;
    const value: u8 = symbol === 16 ? load<u8>(lengthsAt + at - 1) : 0;
    const times = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
    if (at + times > total) return false;
    memory.fill(lengthsAt + at, value, times);
    at += times;
  }
  if (load<u8>(lengthsAt, 256) === 0) return false;
  return (
    build(lengthsAt, literalCount, LITERAL_BITS, literals, LITERAL_ENTRIES, 0) &&
    build(lengthsAt + literalCount, distanceCount, DISTANCE_BITS, distances, DISTANCE_ENTRIES, 1)
  );
}

/** Literals and copies up to the end of the block. The state is held in locals, which the compiler keeps in registers. */
function block(): bool {
  let bits = bitBuffer;
  let count = bitCount;
  let at = inAt;
  let out = outAt;
  const literalMask: u64 = (1 << LITERAL_BITS) - 1;
  const distanceMask: u64 = (1 << DISTANCE_BITS) - 1;
  while (true) {
    if (at > inEnd + 8 || out > outEnd) return false;
    bits |= load<u64>(at) << <u64>count;
    at += <usize>((63 - count) >> 3);
    count |= 56;
    let entry = load<u32>(literals + ((<usize>(bits & literalMask)) << 2));
    if ((entry & LITERAL) !== 0) {
      bits >>= <u64>(entry & 63);
      count -= entry & 63;
      store<u8>(out++, entry >> 16);
      entry = load<u32>(literals + ((<usize>(bits & literalMask)) << 2));
      if ((entry & LITERAL) !== 0) {
        bits >>= <u64>(entry & 63);
        count -= entry & 63;
        store<u8>(out++, entry >> 16);
        entry = load<u32>(literals + ((<usize>(bits & literalMask)) << 2));
        if ((entry & LITERAL) !== 0) {
          bits >>= <u64>(entry & 63);
          count -= entry & 63;
          store<u8>(out++, entry >> 16);
          continue;
        }
      }
    }
    if ((entry & SPECIAL) !== 0) {
      if ((entry & SUBTABLE) !== 0) {
        bits >>= <u64>LITERAL_BITS;
        count -= LITERAL_BITS;
        const inner = ((entry >> 16) & 0x7fff) + <u32>(bits & ((<u64>1 << <u64>((entry >> 8) & 15)) - 1));
        entry = load<u32>(literals + ((<usize>inner) << 2));
        if ((entry & LITERAL) !== 0) {
          bits >>= <u64>(entry & 63);
          count -= entry & 63;
          store<u8>(out++, entry >> 16);
          continue;
        }
      }
      if ((entry & SPECIAL) !== 0) {
        if ((entry & END_OF_BLOCK) === 0) return false;
        bits >>= <u64>(entry & 63);
        count -= entry & 63;
        break;
      }
    }
    // At most 22 bits of literals and 20 of this length are gone: what a distance needs, 28, may not be there.
    const length =
      ((entry >> 16) & 0x7fff) +
      <u32>((bits & ((<u64>1 << <u64>(entry & 63)) - 1)) >> <u64>((entry >> 8) & 15));
    bits >>= <u64>(entry & 63);
    count -= entry & 63;
    bits |= load<u64>(at) << <u64>count;
    at += <usize>((63 - count) >> 3);
    count |= 56;
    entry = load<u32>(distances + ((<usize>(bits & distanceMask)) << 2));
    if ((entry & SPECIAL) !== 0) {
      if ((entry & SUBTABLE) === 0) return false;
      bits >>= <u64>DISTANCE_BITS;
      count -= DISTANCE_BITS;
      const inner = ((entry >> 16) & 0x7fff) + <u32>(bits & ((<u64>1 << <u64>((entry >> 8) & 15)) - 1));
      entry = load<u32>(distances + ((<usize>inner) << 2));
      if ((entry & SPECIAL) !== 0) return false;
    }
    const distance =
      ((entry >> 16) & 0x7fff) +
      <u32>((bits & ((<u64>1 << <u64>(entry & 63)) - 1)) >> <u64>((entry >> 8) & 15));
    bits >>= <u64>(entry & 63);
    count -= entry & 63;
    if (<usize>distance > out - outStart) return false;
    copyBack(out, distance, length);
    out += length;
  }
  bitBuffer = bits;
  bitCount = count;
  inAt = at;
  outAt = out;
  return out <= outEnd;
}

/** Copies text from `distance` before; may write up to 15 bytes too many, which later text replaces. */
// @ts-ignore: decorator
@inline
function copyBack(out: usize, distance: u32, length: u32): void {
  let to = out;
  let from = out - distance;
  const end = out + length;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
    } while (to < end);
  } else if (distance >= 8) {
    do {
      store<u64>(to, load<u64>(from));
      to += 8;
      from += 8;
    } while (to < end);
  } else {
    do {
      store<u8>(to++, load<u8>(from++));
    } while (to < end);
  }
}
