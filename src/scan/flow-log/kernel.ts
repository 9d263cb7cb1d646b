import { DomicileError } from '../../core/index.ts';
import type { MalformedLine } from '../../evidence/index.ts';
import type { RecordLayout } from './fields.ts';
import { defaultLayout, layoutOf } from './fields.ts';
import { KERNEL_BYTES } from './generated/kernel.ts';
import { instantiate } from './web-assembly.ts';

/** What wasm/flow-log/index.ts exports; numbers ending in `At` are places in its memory. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly start: (rows: number, texts: number) => void;
  readonly textAt: () => number;
  readonly windowBytes: () => number;
  readonly columnsAt: () => number;
  readonly malformedAt: () => number;
  readonly beginObject: () => void;
  readonly useLayout: (columns: number) => void;
  readonly index: (at: number, length: number) => number;
  readonly scan: () => number;
  readonly headerStart: () => number;
  readonly headerBytes: () => number;
  readonly passHeader: () => void;
  readonly countTooLong: () => void;
  readonly recordCount: () => number;
  readonly reserveEndpoints: (count: number) => void;
  readonly reserveObject: (stored: number, inflated: number) => void;
  readonly storedAt: () => number;
  readonly inflatedAt: () => number;
  readonly inflate: (stored: number, from: number, to: number, limit: number) => number;
  readonly inflatedUpTo: () => number;
  readonly flushSpans: () => void;
  readonly endpointsAt: () => number;
  readonly rows: () => number;
  readonly segmentsAt: () => number;
  readonly batchAt: () => number;
  readonly batchRows: () => number;
  readonly reserveNumbers: (endpoints: number, addresses: number) => void;
  readonly endpointNumbersAt: () => number;
  readonly addressNumbersAt: () => number;
  readonly absorb: (rows: number) => number;
  readonly reserveRanks: (endpoints: number, addresses: number) => void;
  readonly endpointRanksAt: () => number;
  readonly addressRanksAt: () => number;
  readonly sort: () => number;
}

/** What the kernel asks once for each name, each IPv6 spelling and each span that does not touch the one before it. */
export interface KernelQuestions {
  /** The number of an "account interface" text, or -1 where it is none. */
  readonly endpoint: (text: string) => number;
  /** The number of an IPv6 address; -1 for no address; -2 - n for a mapped IPv4 address n. */
  readonly address: (text: string) => number;
  readonly span: (endpoint: number, lost: boolean, start: number, end: number) => void;
}

export function createKernel(rows: number, questions: KernelQuestions): KernelExports {
  const textFrom = (from: number, length: number): string =>
    Buffer.from(exports.memory.buffer, from, length).toString('latin1');
  const exports = instantiate(KERNEL_BYTES, 'flow-log', {
    newEndpoint: (from: number, length: number) => questions.endpoint(textFrom(from, length)),
    newAddress: (from: number, length: number) => questions.address(textFrom(from, length)),
    keepSpan: (endpoint: number, lost: number, start: number, end: number) =>
      questions.span(endpoint, lost !== 0, start >>> 0, end >>> 0),
  }) as KernelExports;
  // Hostile logs can spell one IPv6 address in many ways: spellings are bounded as rows are.
  exports.start(rows, rows * 2);
  return exports;
}

/** What a log object's lines came to. */
export interface ObjectLines {
  readonly records: number;
  readonly malformed: Readonly<Partial<Record<MalformedLine, number>>>;
  readonly formats: readonly string[];
}

/** Reads the text of one object, in pieces that may end anywhere. */
export interface TextReader {
  readonly push: (chunk: Uint8Array) => void;
  /** Reads a whole text that stands in the kernel's own memory, with room for a byte behind it. */
  readonly readInPlace: (at: number, length: number) => void;
  /** Ends the object: a last line without a newline counts. */
  readonly end: () => ObjectLines;
}

const MALFORMED: readonly MalformedLine[] = ['fields', 'number', 'address', 'value', 'too-long', 'no-header'];
/** In the order of wasm/flow-log/columns.ts. */
const COLUMNS: readonly (keyof RecordLayout)[] = [
  'account',
  'interface',
  'resource',
  'source',
  'destination',
  'packetSource',
  'packetDestination',
  'protocol',
  'sourcePort',
  'destinationPort',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'status',
  'flags',
  'direction',
];
const LONGEST_LINE = 8192;
const LONGEST_HEADER = 2000;
const NEWLINE = 10;
const DONE = 0;
const AT_HEADER = 1;
const AT_FIRST_LINE = 2;

/**
 * Feeds one object's text to a kernel.
 *
 * @throws DomicileError `TOO_LARGE` from `push` and `end` where there are more distinct rows than the kernel may hold.
 */
export function readText(kernel: KernelExports): TextReader {
  const formats = new Set<string>();
  const text = kernel.textAt();
  const window = kernel.windowBytes();
  let carried = 0;
  let skipping = false;
  kernel.beginObject();

  const useLayout = (layout: RecordLayout | undefined): void => {
    if (layout !== undefined) {
      formats.add(layout.names);
      new Int32Array(kernel.memory.buffer, kernel.columnsAt(), COLUMNS.length).set(
        COLUMNS.map((column) => Number(layout[column]) * 4),
      );
    }
    kernel.useLayout(layout?.columns ?? 0);
  };
  const takeHeader = (): void => {
    const length = kernel.headerBytes();
    const header = Buffer.from(kernel.memory.buffer, kernel.headerStart(), Math.min(length, LONGEST_HEADER));
    // A header that cannot be used makes what follows it unreadable, which is counted line by line.
    useLayout(length > LONGEST_HEADER ? undefined : layoutOf(header.toString('latin1')));
    kernel.passHeader();
  };
  const scanLines = (): void => {
    for (;;) {
      const stopped = kernel.scan();
      if (stopped === DONE) return;
      if (stopped === AT_HEADER) takeHeader();
      else if (stopped === AT_FIRST_LINE) useLayout(defaultLayout());
      else throw new DomicileError('TOO_LARGE', 'expected fewer distinct flows in the logs, found too many');
    }
  };
  const takeWindow = (length: number): void => {
    const consumed = kernel.index(text, length);
    scanLines();
    const rest = length - consumed;
    if (rest > LONGEST_LINE) {
      kernel.countTooLong();
      carried = 0;
      skipping = true;
      return;
    }
    new Uint8Array(kernel.memory.buffer).copyWithin(text, text + consumed, text + length);
    carried = rest;
  };

  return {
    push: (chunk) => {
      let from = 0;
      if (skipping) {
        const newline = chunk.indexOf(NEWLINE);
        if (newline < 0) return;
        skipping = false;
        from = newline + 1;
      }
      while (from < chunk.length) {
        const piece = chunk.subarray(from, from + window);
        new Uint8Array(kernel.memory.buffer, text + carried, piece.length).set(piece);
        takeWindow(carried + piece.length);
        from += piece.length;
        if (!skipping) continue;
        const newline = chunk.indexOf(NEWLINE, from);
        if (newline < 0) return;
        skipping = false;
        from = newline + 1;
      }
    },
    readInPlace: (at, length) => {
      let end = at + length;
      const bytes = new Uint8Array(kernel.memory.buffer);
      if (length > 0 && bytes[end - 1] !== NEWLINE) {
        bytes[end] = NEWLINE;
        end += 1;
      }
      for (let from = at; from < end; ) {
        const consumed = kernel.index(from, Math.min(window, end - from));
        scanLines();
        from += consumed;
        if (consumed > 0) continue;
        // The window is full, and there is no newline in it.
        kernel.countTooLong();
        from = new Uint8Array(kernel.memory.buffer, 0, end).indexOf(NEWLINE, from) + 1;
      }
    },
    end: () => {
      if (carried > 0) {
        new Uint8Array(kernel.memory.buffer)[text + carried] = NEWLINE;
        takeWindow(carried + 1);
      }
      const counts = new Uint32Array(kernel.memory.buffer, kernel.malformedAt(), MALFORMED.length);
      return {
        records: kernel.recordCount(),
        malformed: malformedOf(counts),
        formats: [...formats].sort(),
      };
    },
  };
}

/** By name, in order of name, without zeros. */
function malformedOf(counts: Uint32Array): ObjectLines['malformed'] {
  const met = MALFORMED.map((kind, index) => [kind, counts[index] ?? 0] as const).filter(
    ([, count]) => count > 0,
  );
  return Object.fromEntries(met.sort(([left], [right]) => (left < right ? -1 : 1)));
}
