import { byCodeUnit, DomicileError, formatAddress, parseAddress } from '../../core/index.ts';
import type { FlowAggregate, InterfaceLog, LogObjectRead } from '../../evidence/index.ts';
import type { EndpointLog, FlowPart } from './flow-part.ts';
import { flowRows } from './flow-rows.ts';
import { inflateInKernel } from './gzip-object.ts';
import type { KernelExports, ObjectLines } from './kernel.ts';
import { createKernel, readText } from './kernel.ts';
import type { SpanCollector } from './span-collector.ts';
import { createSpanCollector, spansOf } from './span-collector.ts';

/** The text of one object on its way into a reducer. */
export interface ObjectText {
  readonly push: (text: Uint8Array) => void;
  /** Ends the object and tells what its lines came to. */
  readonly end: () => ObjectLines;
}

/**
 * Adds up log objects, whose texts are given one after the other. Objects, and parts of other reducers, may come
 * in any order and grouping: the aggregate is the same, byte for byte.
 *
 * A text that was begun counts: give it only once the object is known to be whole, or to a reducer of its own.
 *
 * @throws DomicileError `TOO_LARGE` where there are more distinct rows than `rows`, or totals of 2^53 or more.
 */
export interface FlowReducer {
  /**
   * Reads a gzip object at once, if that goes without any trouble: all of it, or nothing.
   *
   * @param limit bytes that may come out.
   */
  readonly readGzip: (bytes: Uint8Array, limit: number) => ObjectLines | undefined;
  readonly beginText: () => ObjectText;
  readonly addObject: (object: LogObjectRead) => void;
  readonly absorb: (part: FlowPart) => void;
  /** What was gathered so far, for another reducer. */
  readonly part: () => FlowPart;
  /** The aggregate of everything. The reducer takes nothing after it. */
  readonly finish: () => FlowAggregate;
}

const ENDPOINT = /^(?:\d{12}|unknown|-) (?:eni|nat|vpce|tgw|igw)-[0-9a-f]{4,32}$/;
const ROW_BYTES = 64;
const SEGMENT_ROWS = 32_768;
const ENDPOINT_WORDS = 72;
/** Records that a row can count: 32 bits. */
const MOST_RECORDS = 0xffff_0000;

/** @param rows distinct rows after which the reducer refuses: memory is bounded whatever the input; at most 2,000,000. */
export function createFlowReducer(rows: number): FlowReducer {
  const endpoints = createNumbering();
  const addresses = createNumbering();
  const spans: [observed: SpanCollector, skipped: SpanCollector][] = [];
  const objects: LogObjectRead[] = [];
  let records = 0;

  const numberOfEndpoint = (text: string): number => {
    const number = endpoints.numberOf(text);
    spans[number] ??= [createSpanCollector(), createSpanCollector()];
    return number;
  };
  const kernel = createKernel(rows, {
    endpoint: (text) => (ENDPOINT.test(text) ? numberOfEndpoint(text) : -1),
    address: (text) => {
      const address = parseAddress(text);
      if (address === null) return -1;
      return address.family === 4 ? -2 - Number(address.value) : addresses.numberOf(formatAddress(address));
    },
    span: (endpoint, lost, start, end) => spans[endpoint]?.[lost ? 1 : 0].add(start, end),
  });

  const addObject = (object: LogObjectRead): void => {
    records += object.records;
    if (records > MOST_RECORDS)
      throw new DomicileError('TOO_LARGE', 'expected fewer than 2^32 records in one reduction, found more');
    objects.push(object);
  };

  return {
    readGzip: (bytes, limit) => {
      const inflated = inflateInKernel(kernel, bytes, limit);
      if (inflated === undefined) return undefined;
      const text = readText(kernel);
      text.readInPlace(inflated.at, inflated.length);
      return text.end();
    },
    beginText: () => readText(kernel),
    addObject,
    absorb: (part) => {
      const numbers = part.endpoints.map(numberOfEndpoint);
      kernel.reserveEndpoints(endpoints.texts.length);
      absorbRows(kernel, part.rows, numbers, part.addresses.map(addresses.numberOf));
      for (const [index, log] of part.logs.entries()) absorbLog(kernel, spans, numbers[index] ?? 0, log);
      part.objects.forEach(addObject);
    },
    part: () => ({
      rows: copiedRows(kernel),
      endpoints: endpoints.texts,
      addresses: addresses.texts,
      logs: endpointLogs(kernel, spans).map(copied),
      objects,
    }),
    finish: () => {
      const interfaces = interfaceLogs(endpoints.texts, endpointLogs(kernel, spans));
      // As values they are held now: the numbers make room for the rows.
      spans.length = 0;
      const rows = flowRows(kernel, { endpoints: endpoints.texts, addresses: addresses.texts });
      return { schemaVersion: 1, rows, interfaces, objects: inOrder(objects) };
    },
  };
}

interface Numbering {
  readonly texts: readonly string[];
  readonly numberOf: (text: string) => number;
}

function createNumbering(): Numbering {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  return {
    texts,
    numberOf: (text) => {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, texts.length);
      texts.push(text);
      return texts.length - 1;
    },
  };
}

function absorbRows(
  kernel: KernelExports,
  segments: readonly Uint8Array[],
  endpoints: readonly number[],
  addresses: readonly number[],
): void {
  kernel.reserveNumbers(endpoints.length, addresses.length);
  new Uint32Array(kernel.memory.buffer, kernel.endpointNumbersAt(), endpoints.length).set(endpoints);
  new Uint32Array(kernel.memory.buffer, kernel.addressNumbersAt(), addresses.length).set(addresses);
  const batch = kernel.batchRows() * ROW_BYTES;
  for (const segment of segments) {
    for (let at = 0; at < segment.length; at += batch) {
      const piece = segment.subarray(at, at + batch);
      new Uint8Array(kernel.memory.buffer, kernel.batchAt(), piece.length).set(piece);
      if (kernel.absorb(piece.length / ROW_BYTES) === 0)
        throw new DomicileError('TOO_LARGE', 'expected fewer distinct flows in the logs, found too many');
    }
  }
}

function copiedRows(kernel: KernelExports): readonly Uint8Array<ArrayBuffer>[] {
  const count = kernel.rows();
  const segments = new Uint32Array(
    kernel.memory.buffer,
    kernel.segmentsAt(),
    Math.ceil(count / SEGMENT_ROWS),
  );
  return Array.from(segments, (at, index) => {
    const length = Math.min(SEGMENT_ROWS, count - index * SEGMENT_ROWS) * ROW_BYTES;
    return new Uint8Array(kernel.memory.buffer, at, length).slice();
  });
}

/** The first words of an interface in the kernel are its counts: ok, nodata, skipdata. */
function endpointLogs(
  kernel: KernelExports,
  spans: readonly (readonly [SpanCollector, SpanCollector])[],
): readonly EndpointLog[] {
  kernel.flushSpans();
  const words = new Uint32Array(kernel.memory.buffer, kernel.endpointsAt(), spans.length * ENDPOINT_WORDS);
  return spans.map(([observed, skipped], index) => {
    const [ok = 0, nodata = 0, skipdata = 0] = words.subarray(
      index * ENDPOINT_WORDS,
      index * ENDPOINT_WORDS + 3,
    );
    return { ok, nodata, skipdata, observed: observed.union(), skipped: skipped.union() };
  });
}

/** In buffers of their own size, as they are to be sent. */
function copied(log: EndpointLog): EndpointLog {
  return { ...log, observed: log.observed.slice(), skipped: log.skipped.slice() };
}

function absorbLog(
  kernel: KernelExports,
  spans: readonly (readonly [SpanCollector, SpanCollector])[],
  endpoint: number,
  log: EndpointLog,
): void {
  const words = new Uint32Array(
    kernel.memory.buffer,
    kernel.endpointsAt() + endpoint * ENDPOINT_WORDS * 4,
    ENDPOINT_WORDS,
  );
  for (const [index, count] of [log.ok, log.nodata, log.skipdata].entries())
    words[index] = (words[index] ?? 0) + count;
  const collectors = spans[endpoint];
  if (collectors === undefined) return;
  addSpans(collectors[0], log.observed);
  addSpans(collectors[1], log.skipped);
}

function addSpans(collector: SpanCollector, numbers: Uint32Array): void {
  for (let at = 0; at < numbers.length; at += 2) collector.add(numbers[at] ?? 0, numbers[at + 1] ?? 0);
}

/** An interface whose every record was malformed was not seen. */
function interfaceLogs(endpoints: readonly string[], logs: readonly EndpointLog[]): readonly InterfaceLog[] {
  const seen = endpoints.flatMap((text, index) => {
    const log = logs[index];
    return log === undefined || log.ok + log.nodata + log.skipdata === 0 ? [] : [{ text, log }];
  });
  return seen
    .sort((left, right) => byCodeUnit(left.text, right.text))
    .map(({ text, log: { observed, skipped, ...counts } }) => {
      const [account = '', name = ''] = text.split(' ');
      return { account, interface: name, observed: spansOf(observed), skipped: spansOf(skipped), ...counts };
    });
}

function inOrder(objects: readonly LogObjectRead[]): readonly LogObjectRead[] {
  const ordered = [...objects].sort((left, right) => byCodeUnit(left.key, right.key));
  if (ordered.some(({ key }, index) => key === ordered[index - 1]?.key))
    throw new DomicileError('BAD_INPUT', 'expected each log object once, found one twice');
  return ordered;
}
