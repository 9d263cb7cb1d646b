import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import type { FlowAggregate, LogObjectRead } from '../../../src/evidence/index.ts';
import type { FlowLogLimits, StoredLogObject } from '../../../src/scan/index.ts';
import { createFlowReducer, FLOW_LOG_LIMITS, readLogObject } from '../../../src/scan/index.ts';
import { referenceAggregate } from './reference.ts';

const LINE =
  '2 123456789012 eni-0123456789abcdef0 10.0.0.1 8.8.8.8 40000 443 6 10 840 1700000000 1700000059 ACCEPT OK\n';

async function read(
  object: StoredLogObject,
  limits: FlowLogLimits = FLOW_LOG_LIMITS,
): Promise<FlowAggregate> {
  const reducer = createFlowReducer(1000);
  await readLogObject(object, reducer, limits);
  return reducer.finish();
}

/** Read at once and as a stream: both must say the same. */
async function readBothWays(
  bytes: Buffer,
  limits: FlowLogLimits = FLOW_LOG_LIMITS,
  size = 7,
): Promise<LogObjectRead | undefined> {
  const whole = await read({ key: 'a', bytes }, limits);
  const streamed = await read({ key: 'a', bytes: pieces(bytes, size) }, limits);
  expect(streamed).toEqual(whole);
  return whole.objects[0];
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('a log object', () => {
  const zipped = gzipSync(LINE.repeat(50));

  it('is read zipped or plain', async () => {
    expect(await readBothWays(zipped)).toMatchObject({ status: 'complete', records: 50, malformed: {} });
    expect(await readBothWays(Buffer.from(LINE))).toMatchObject({ status: 'complete', records: 1 });
    expect(await readBothWays(Buffer.alloc(0))).toMatchObject({
      status: 'complete',
      records: 0,
      formats: [],
    });
  });

  it('may have several members', async () => {
    const bytes = Buffer.concat([zipped, gzipSync(LINE.slice(0, 40)), gzipSync(LINE.slice(40))]);
    for (const size of [1, 7, zipped.length]) {
      expect(await readBothWays(bytes, FLOW_LOG_LIMITS, size)).toMatchObject({
        status: 'complete',
        records: 51,
      });
    }
  });

  it('counts whole or not at all', async () => {
    for (const cut of [1, 8, 9, zipped.length - 30]) {
      const half = await read({ key: 'a', bytes: zipped.subarray(0, zipped.length - cut) });
      expect(half).toMatchObject({
        rows: [],
        interfaces: [],
        objects: [{ status: 'truncated', records: 0 }],
      });
      expect(await readBothWays(zipped.subarray(0, zipped.length - cut))).toMatchObject({
        status: 'truncated',
      });
    }
  });

  it('whose checksum or data are wrong is unreadable', async () => {
    for (const at of [zipped.length - 6, 20, 3]) {
      const damaged = Buffer.from(zipped);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      const read = await readBothWays(damaged);
      expect(read).toMatchObject({ records: 0 });
      expect(['unreadable', 'truncated']).toContain(read?.status);
    }
  });

  it('can lie about its size without effect', async () => {
    for (const lie of [0, 1, 0x7fffffff, 0xffffffff]) {
      const first = gzipSync(LINE.repeat(30));
      // The last member's trailer is its own; only its hint for the buffer is a lie about the whole.
      const bytes = Buffer.concat([first, gzipSync(LINE)]);
      expect(await readBothWays(bytes)).toMatchObject({ status: 'complete', records: 31 });
      const lying = Buffer.from(zipped);
      lying.writeUInt32LE(lie, lying.length - 4);
      expect(await readBothWays(lying)).toMatchObject({ status: 'unreadable', records: 0 });
    }
  });

  it('that unpacks to more than the limit is too large, whatever it says', async () => {
    const bomb = gzipSync(Buffer.alloc(3_000_000, 'x'));
    const limits = { ...FLOW_LOG_LIMITS, inflatedBytes: 2_000_000 };
    expect(await readBothWays(bomb, limits)).toMatchObject({ status: 'too-large', records: 0 });
    bomb.writeUInt32LE(10, bomb.length - 4);
    expect(await readBothWays(bomb, limits)).toMatchObject({ status: 'too-large' });
    expect(await readBothWays(bomb.subarray(0, 100), limits)).toMatchObject({ status: 'truncated' });
    expect(await readBothWays(Buffer.alloc(3_000_000, 'x'), limits)).toMatchObject({ status: 'too-large' });
  });

  it('is held against its listing', async () => {
    const etag = 'd41d8cd98f00b204e9800998ecf8427e';
    const empty = Buffer.alloc(0);
    const listed = (size: number, tag: string) => ({ key: 'a', size, etag: tag });
    expect(await read({ key: 'a', bytes: empty, listed: listed(0, etag) })).toMatchObject({
      objects: [{ status: 'complete' }],
    });
    for (const other of [listed(1, etag), listed(0, etag.replace('d', 'e'))]) {
      expect(await read({ key: 'a', bytes: empty, listed: other })).toMatchObject({
        objects: [{ status: 'mismatch' }],
      });
    }
    // Parts uploaded apart have an ETag that is no MD5.
    expect(await read({ key: 'a', bytes: empty, listed: listed(0, `${etag}-2`) })).toMatchObject({
      objects: [{ status: 'complete' }],
    });
  });
});

describe('lines of a log object', () => {
  const at = (start: number): string => LINE.replace('1700000000 1700000059', `${start} ${start + 59}`);

  it('longer than any line can be are counted, wherever they stand, and cost no other', async () => {
    const long = 'x'.repeat(300_000);
    for (const text of [`${long}\n${LINE}`, `${LINE}${long}`, `${LINE}${long}\n${long}\n${LINE}`]) {
      const said = referenceAggregate([{ key: 'a', text: Buffer.from(text) }]);
      expect(await read({ key: 'a', bytes: Buffer.from(text) })).toEqual(said);
      expect((await read({ key: 'a', bytes: gzipSync(text) })).objects[0]).toMatchObject({
        malformed: said.objects[0]?.malformed,
        records: said.objects[0]?.records,
      });
    }
  });

  it('leave gaps where nothing was seen, to the second', async () => {
    const starts = [
      1_700_000_000, 1_700_000_060, 1_700_000_121, 1_700_009_000, 1_700_000_200, 1_690_000_000, 1_700_008_940,
    ];
    const text = Buffer.from(starts.map(at).join(''));
    const { interfaces } = await read({ key: 'a', bytes: text });
    expect(interfaces[0]?.observed).toEqual([
      [1_690_000_000, 1_690_000_059],
      [1_700_000_000, 1_700_000_119],
      [1_700_000_121, 1_700_000_180],
      [1_700_000_200, 1_700_000_259],
      [1_700_008_940, 1_700_009_059],
    ]);
  });
});

describe('what a reducer holds is bounded', () => {
  const lineOf = (last: number): string => LINE.replace('8.8.8.8', `8.8.8.${last}`);

  it('in rows', async () => {
    const reducer = createFlowReducer(3);
    const text = [1, 2, 3, 1].map(lineOf).join('');
    await readLogObject({ key: 'a', bytes: Buffer.from(text) }, reducer, FLOW_LOG_LIMITS);
    await expect(
      readLogObject({ key: 'b', bytes: Buffer.from(lineOf(4)) }, reducer, FLOW_LOG_LIMITS),
    ).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('and in size of its totals', async () => {
    const large = LINE.replace(' 840 ', ' 999999999999999 ');
    expect((await read({ key: 'a', bytes: Buffer.from(large.repeat(9)) })).rows[0]?.bytes).toBe(
      9 * 999_999_999_999_999,
    );
    for (const times of [10, 20_000]) {
      await expect(read({ key: 'a', bytes: gzipSync(large.repeat(times)) })).rejects.toMatchObject({
        code: 'TOO_LARGE',
      });
    }
  });

  it('grows without loss over a hundred thousand rows', async () => {
    const reducer = createFlowReducer(200_000);
    const lines = Array.from({ length: 100_000 }, (_, row) =>
      LINE.replace('8.8.8.8', `9.${row >> 16}.${(row >> 8) & 255}.${row & 255}`),
    );
    await readLogObject({ key: 'a', bytes: Buffer.from(lines.join('')) }, reducer, FLOW_LOG_LIMITS);
    await readLogObject({ key: 'b', bytes: Buffer.from(lines.join('')) }, reducer, FLOW_LOG_LIMITS);
    const { rows } = reducer.finish();
    expect(rows).toHaveLength(100_000);
    expect(rows.every(({ flows, bytes }) => flows === 2 && bytes === 1680)).toBe(true);
  });
});

const CASES = join(import.meta.dirname, '../../../../shared/data/flow-logs/vrl-cases.json');

interface VrlCase {
  readonly format: string;
  readonly line: string;
  readonly expect: Readonly<Record<string, string | number | null>>;
}

describe('lines and their fields from a public test suite', () => {
  const known = existsSync(CASES);
  if (!known) console.log('skipped: no shared flow-log cases beside the checkout');
  const cases = known ? (JSON.parse(readFileSync(CASES, 'utf8')) as readonly VrlCase[]) : [];
  test.skipIf(!known)('are there', () => {
    expect(cases.length).toBeGreaterThan(0);
  });
  test.skipIf(!known).for(cases.map((one, index) => ({ ...one, index })))('case $index', async (one) => {
    const text = Buffer.from(`${one.format.replaceAll(/\$\{|\}/g, '')}\n${one.line}\n`);
    const { rows, interfaces, objects } = await read({ key: 'a', bytes: text });
    expect({ schemaVersion: 1, rows, interfaces, objects }).toEqual(referenceAggregate([{ key: 'a', text }]));
    const [row] = rows;
    if (row === undefined) return;
    const said = one.expect;
    if (said['interface_id'] !== undefined) expect(row.interface).toBe(said['interface_id']);
    expect(row).toMatchObject({
      ...(said['srcaddr'] === undefined ? {} : { source: said['srcaddr'] }),
      ...(said['dstaddr'] === undefined ? {} : { destination: said['dstaddr'] }),
      ...(typeof said['bytes'] === 'number' ? { bytes: said['bytes'] } : {}),
      ...(typeof said['packets'] === 'number' ? { packets: said['packets'] } : {}),
      ...(typeof said['protocol'] === 'number' ? { protocol: said['protocol'] } : {}),
      ...(said['start'] === undefined ? {} : { first: said['start'], last: said['end'] }),
      ...(said['action'] === undefined ? {} : { action: said['action'] }),
    });
  });
});
