import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FoundListing } from '../../../src/collection/files/log-listing.ts';
import { heldAgainst } from '../../../src/collection/files/log-listing.ts';
import type { FlowAggregate, LogListing } from '../../../src/evidence/index.ts';
import type { FileTree, ReadFolder } from '../../support/export.ts';
import { ACCOUNT, indexOf, PLACE, REGION, readFiles } from '../../support/export.ts';

const HEAD =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const line = (bytes: number): string =>
  `2 ${ACCOUNT} eni-0123456789abcdef0 10.0.0.1 52.80.0.1 40000 443 6 1 ${bytes} 1795305600 1795305660 ACCEPT OK`;
const object = (bytes: number): Buffer => gzipSync(`${HEAD}\n${line(bytes)}\n`);
const name = (minute: string, account = ACCOUNT): string =>
  `${account}_vpcflowlogs_${REGION}_fl-0123456789abcdef0_20261122T00${minute}Z_0a1b2c3d.log.gz`;
const DAY = `AWSLogs/${ACCOUNT}/vpcflowlogs/${REGION}/2026/11/22/`;
const entry = (key: string, body: Buffer): object => ({
  Key: key,
  Size: body.length,
  ETag: `"${createHash('md5').update(body).digest('hex')}"`,
});
const LIST = 'aws s3api list-objects-v2 --bucket logs-of-acme';
const listing = (entries: readonly object[], over: object = {}): string =>
  JSON.stringify({ Contents: entries, ...over });

const listed = (contents: string, command = LIST, over: object = {}): FileTree => ({
  [`${PLACE}/list.json`]: contents,
  [`${PLACE}/index.json`]: indexOf(['list.json', command, over]),
});
const aggregateOf = ({ drafts }: ReadFolder): FlowAggregate =>
  drafts.find(({ key }) => key.kind === 'flow-logs.records')?.body as FlowAggregate;
const bytesOf = (read: ReadFolder): number => aggregateOf(read).rows.reduce((sum, row) => sum + row.bytes, 0);
const keysListed = ({ drafts }: ReadFolder): readonly string[] =>
  drafts
    .filter(({ key }) => key.kind === 'flow-logs.listing')
    .flatMap(({ body }) => (body as LogListing | undefined)?.objects ?? [])
    .map(({ key }) => key);
const listingSaid = ({ said }: ReadFolder): readonly string[] =>
  said.filter((one) => one.startsWith('s3:ListObjectsV2'));

const [A, B] = [object(100), object(23)];
const BOTH = [entry(DAY + name('00'), A), entry(DAY + name('05'), B)];

describe('log objects', () => {
  it.each<[string, FileTree]>([
    ['as in the bucket', { [DAY + name('00')]: A, [DAY + name('05')]: B }],
    ['below another folder', { [`x/y/${DAY}${name('00')}`]: A, [`x/y/${DAY}${name('05')}`]: B }],
    ['in one flat folder', { [`logs/${name('00')}`]: A, [`logs/${name('05')}`]: B }],
    ['among the answers', { [`${PLACE}/${name('00')}`]: A, [`${PLACE}/${name('05')}`]: B }],
  ])('%s are those of the listing', async (_what, files) => {
    const read = await readFiles({ ...listed(listing(BOTH)), ...files });
    expect(read.said).toEqual(['s3:GetObject complete', 's3:ListObjectsV2 complete']);
    expect(aggregateOf(read).objects.map(({ key, status }) => [key, status])).toEqual(
      [name('00'), name('05')].map((one) => [DAY + one, 'complete']),
    );
    expect(bytesOf(read)).toBe(123);
    expect(read.report.logObjects).toBe(2);
  });

  it('handed over twice count once; two of one name that differ count as neither', async () => {
    const twice = await readFiles({
      ...listed(listing(BOTH)),
      [`a/${name('00')}`]: A,
      [`b/${name('00')}`]: A,
    });
    expect(bytesOf(twice)).toBe(100);
    const differing = await readFiles({ [`a/${name('00')}`]: A, [`b/${name('00')}`]: B });
    expect(aggregateOf(differing)).toMatchObject({ rows: [], objects: [{ status: 'mismatch' }] });
  });

  it.each<[string, Buffer, string]>([
    ['another content than the bucket listed', object(999), 'mismatch'],
    ['a cut download', A.subarray(0, A.length - 5), 'mismatch'],
    ['nothing', Buffer.alloc(0), 'mismatch'],
  ])('with %s give no records', async (_what, content, status) => {
    const read = await readFiles({ ...listed(listing(BOTH)), [DAY + name('00')]: content });
    expect(aggregateOf(read)).toMatchObject({ rows: [], objects: [{ key: DAY + name('00'), status }] });
  });

  it('of another account, or that are no log objects, are told as unused', async () => {
    const other = `x/${name('00', '111122223333')}`;
    const { drafts, report } = await readFiles({ [other]: A, 'x/flow.log.gz': A, 'x/000000.gz': A });
    expect(drafts).toEqual([]);
    expect(report.unused.toSorted()).toEqual(['x/000000.gz', 'x/flow.log.gz', other].sort());
    expect(report.logObjects).toBe(0);
  });
});

describe('a listing', () => {
  it('that lists nothing of the source is none of it, unless it is its bucket', async () => {
    const foreign = listing([{ Key: 'photos/a.jpg', Size: 1, ETag: '"x"' }]);
    const other = await readFiles(listed(foreign, 'aws s3api list-objects-v2 --bucket photos'));
    expect(other.drafts).toEqual([]);
    expect(other.report.unused).toEqual([`${PLACE}/list.json`]);
    const own = await readFiles(listed(foreign));
    expect(listingSaid(own)).toEqual(['s3:ListObjectsV2 complete']);
    expect(keysListed(own)).toEqual([]);
  });

  it('of an empty bucket has no Contents', async () => {
    expect(listingSaid(await readFiles(listed('{"RequestCharged":null}')))).toEqual([
      's3:ListObjectsV2 complete',
    ]);
  });

  it.each<[string, string, string]>([
    [
      'an entry without its size',
      listing([...BOTH, { Key: DAY + name('10') }]),
      'unreadable: Contents of another shape',
    ],
    ['a size as text', listing([{ ...BOTH[0], Size: '9' }]), 'unreadable: Contents of another shape'],
    ['keys alone', '{"Contents":["a","b"]}', 'unreadable: Contents of another shape'],
    ['Contents that are no list', '{"Contents":{"Key":"a"}}', 'unreadable: Contents of another shape'],
    ['more pages', listing(BOTH, { NextToken: 'x' }), 'partial: more pages follow'],
    [
      'more pages by a token of another shape',
      listing(BOTH, { NextToken: { at: 1 } }),
      'partial: more pages follow',
    ],
    ['more pages without a token', listing(BOTH, { IsTruncated: true }), 'partial: more pages follow'],
  ])('with %s does not show that nothing is missing', async (_what, contents, outcome) => {
    expect(listingSaid(await readFiles(listed(contents)))).toEqual([`s3:ListObjectsV2 ${outcome}`]);
  });

  it.each<[string, string]>([
    [`${LIST} --prefix ${DAY}`, 'partial: lists a part of the logs'],
    [`${LIST} --prefix AWSLogs/${ACCOUNT}/vpcflowlogs/cn-northwest-1/`, 'partial: lists a part of the logs'],
    [`${LIST} --prefix AWSLogs/111122223333/`, 'partial: lists a part of the logs'],
    [`${LIST} --delimiter /`, 'partial: narrowed by its options'],
    [`${LIST} --start-after x`, 'partial: narrowed by its options'],
    [`${LIST} --query 'Contents[:5]'`, 'partial: narrowed by its options'],
    [LIST, 'complete'],
    [`${LIST} --prefix AWSLogs/`, 'complete'],
    [`${LIST} --prefix AWSLogs/${ACCOUNT}/vpcflowlogs/${REGION}/`, 'complete'],
    [`${LIST} --prefix AWSLogs/aws-account-id=${ACCOUNT}/`, 'complete'],
    [`${LIST} --max-items 100000`, 'complete'],
  ])('by %s is %s', async (command, outcome) => {
    expect(listingSaid(await readFiles(listed(listing(BOTH), command)))).toEqual([
      `s3:ListObjectsV2 ${outcome}`,
    ]);
  });

  it.each([
    ['', 'complete'],
    ['AWSLogs/', 'partial'],
    ['ours/', 'complete'],
    ['ours/AWSLogs/', 'complete'],
    ['theirs/AWSLogs/', 'partial'],
  ])('of %j says of a source with a prefix of its own that it is %s', (prefix, status) => {
    const found: FoundListing = {
      path: 'list.json',
      account: ACCOUNT,
      bucket: 'logs-of-acme',
      stamp: { time: null },
      status: 'complete',
      reason: '',
      objects: [],
      prefix,
    };
    const source = { id: 'flows', type: 'vpc-flow-logs', account: ACCOUNT, prefix: 'ours/AWSLogs/' } as const;
    expect(heldAgainst(found, source, REGION).status).toBe(status);
  });

  it('of which nobody says what it lists shows nothing; its own Name and Prefix say', async () => {
    const bare = await readFiles({ [`${PLACE}/list.json`]: listing(BOTH) });
    expect(listingSaid(bare)).toEqual(['s3:ListObjectsV2 partial: nobody says what it lists']);
    const named = await readFiles({
      [`${PLACE}/list.json`]: listing(BOTH, { Name: 'logs-of-acme', Prefix: 'AWSLogs/', IsTruncated: false }),
    });
    expect(listingSaid(named)).toEqual(['s3:ListObjectsV2 complete']);
  });

  it('that failed is told as it failed', async () => {
    const error = 'An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied';
    const read = await readFiles({
      [`${PLACE}/index.json`]: indexOf([undefined, LIST, { exitCode: 254, error }]),
      [DAY + name('00')]: A,
    });
    expect(listingSaid(read)).toEqual(['s3:ListObjectsV2 denied: AccessDenied']);
  });

  it('in pages is whole where each page is there', async () => {
    const files: FileTree = {
      [`${PLACE}/1.json`]: listing(BOTH.slice(0, 1), { NextToken: 'T' }),
      [`${PLACE}/2.json`]: listing(BOTH.slice(1)),
      [`${PLACE}/index.json`]: indexOf(['1.json', LIST], ['2.json', `${LIST} --starting-token T`]),
    };
    const whole = await readFiles(files);
    expect(listingSaid(whole)).toEqual(['s3:ListObjectsV2 complete']);
    expect(keysListed(whole)).toEqual([DAY + name('00'), DAY + name('05')]);
    const { [`${PLACE}/2.json`]: _second, ...first } = files;
    expect(listingSaid(await readFiles(first))).toContain('s3:ListObjectsV2 partial: more pages follow');
  });

  it('also names objects in Parquet: they cannot be read, and must not be missed', async () => {
    const key = (DAY + name('00')).replace('.log.gz', '.log.parquet');
    const read = await readFiles({ ...listed(listing([entry(key, A)])), [key]: A });
    expect(keysListed(read)).toEqual([key]);
    expect(aggregateOf(read).objects).toMatchObject([{ key, status: 'unreadable' }]);
  });
});
