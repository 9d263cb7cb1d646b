import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileTree } from '../../support/export.ts';
import {
  ACCOUNT,
  idsOf,
  indexOf,
  PLACE,
  REGION,
  readFiles,
  readFolder,
  TIME,
  withFolder,
} from '../../support/export.ts';

const VPC = { VpcId: 'vpc-1', OwnerId: ACCOUNT, CidrBlock: '10.0.0.0/16' };
const vpcs = (...ids: readonly string[]): object => ({ Vpcs: ids.map((VpcId) => ({ ...VPC, VpcId })) });
const json = (value: unknown): string => JSON.stringify(value, null, 2);
const DESCRIBE = 'aws ec2 describe-vpcs';
const complete = 'ec2:DescribeVpcs complete';

describe('an answer', () => {
  it('is recognised by its content, under any name and below any folder', async () => {
    for (const path of [`${PLACE}/vpcs.json`, `a/b/${PLACE}/c/x`, `${PLACE}/out.txt`, `${PLACE}/VPCS.JSON`]) {
      const { drafts, report, said } = await readFiles({ [path]: json(vpcs('vpc-1')) });
      expect(said).toEqual([complete]);
      expect(drafts[0]?.key).toMatchObject({ account: ACCOUNT, region: REGION, partition: 'aws-cn' });
      expect(report.recognised).toEqual([path]);
    }
  });

  it('may be written by PowerShell: UTF-16, or UTF-8 with a byte order mark', async () => {
    const text = json(vpcs('vpc-1'));
    for (const content of [Buffer.from(`\ufeff${text}`, 'utf16le'), Buffer.from(`\ufeff${text}`)]) {
      expect((await readFiles({ [`${PLACE}/vpcs.json`]: content })).said).toEqual([complete]);
    }
  });

  it('without a time has none, unless a person declares one, which the item says', async () => {
    const files = { [`${PLACE}/vpcs.json`]: json(vpcs('vpc-1')) };
    expect((await readFiles(files)).drafts[0]).toMatchObject({ time: null });
    expect((await readFiles(files, { asOf: TIME })).drafts[0]).toMatchObject({
      time: TIME,
      declaredTime: true,
    });
    const indexed = { ...files, [`${PLACE}/index.json`]: indexOf(['vpcs.json', DESCRIBE]) };
    const { drafts } = await readFiles(indexed, { asOf: '2020-01-01T00:00:00Z' });
    expect(drafts[0]?.time).toBe(TIME);
    expect(drafts[0]?.declaredTime).toBeUndefined();
  });

  it.each(['yesterday', '2026-11-23', '2026-11-23T02:00:00', '2026-99-23T02:00:00Z', 5, null])(
    'whose index gives %j as its time has none',
    async (time) => {
      const index = indexOf(['vpcs.json', DESCRIBE, { time }]);
      const { drafts } = await readFiles({
        [`${PLACE}/vpcs.json`]: json(vpcs('a')),
        [`${PLACE}/index.json`]: index,
      });
      expect(drafts[0]?.time).toBeNull();
    },
  );

  it('exported twice is one, read when it was last read; two answers are two parts', async () => {
    const entry = (time: string): string => indexOf(['vpcs.json', DESCRIBE, { time }]);
    const files: FileTree = {
      [`monday/${PLACE}/vpcs.json`]: json(vpcs('vpc-1')),
      [`monday/${PLACE}/index.json`]: entry('2026-11-22T02:00:00Z'),
      [`tuesday/${PLACE}/vpcs.json`]: json(vpcs('vpc-1')),
      [`tuesday/${PLACE}/index.json`]: entry(TIME),
    };
    const same = await readFiles(files);
    expect(same.drafts.map(({ time }) => time)).toEqual([TIME]);
    const other = await readFiles({ ...files, [`tuesday/${PLACE}/vpcs.json`]: json(vpcs('vpc-2')) });
    expect(other.drafts.map(({ key }) => key.part)).toEqual([0, 1]);
    expect(idsOf(other.drafts, 'Vpcs', 'VpcId')).toEqual(['vpc-1', 'vpc-2']);
  });
});

describe('what only looks like an answer is not taken for "there is nothing"', () => {
  it.each<[string, unknown]>([
    ['null instead of the list', { Vpcs: null }],
    ['text instead of the list', { Vpcs: 'vpc-1' }],
    ['an object instead of the list', { Vpcs: {} }],
    ['rows of values, as --query makes them', { Vpcs: [['vpc-1', '10.0.0.0/16']] }],
    ['renamed members', { Vpcs: [{ Id: 'vpc-1', Cidr: '10.0.0.0/16' }] }],
    ['an entry without its id among others', { Vpcs: [VPC, { CidrBlock: '10.1.0.0/16' }] }],
    ['null among the entries', { Vpcs: [VPC, null] }],
    ['an id that is an object', { Vpcs: [{ ...VPC, VpcId: { a: 1 } }] }],
    ['a list where text belongs', { Vpcs: [{ ...VPC, CidrBlock: ['10.0.0.0/16'] }] }],
    ['text where a list belongs', { Vpcs: [{ ...VPC, CidrBlockAssociationSet: 'none' }] }],
  ])('%s', async (_what, body) => {
    const { said, report, drafts } = await readFiles({ [`${PLACE}/vpcs.json`]: json(body) });
    expect(said).toEqual(['ec2:DescribeVpcs unreadable: Vpcs of another shape']);
    expect(drafts[0]?.body).toBeUndefined();
    expect(report.unreadable).toEqual([`${PLACE}/vpcs.json`]);
  });

  it('an empty list is one (control)', async () => {
    expect((await readFiles({ [`${PLACE}/vpcs.json`]: '{"Vpcs":[]}' })).said).toEqual([complete]);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['YAML', 'Vpcs:\n- VpcId: vpc-1\n', 'not JSON'],
    ['a table', '+-----+\n| Vpc |', 'not JSON'],
    ['two pages in one file', `${json(vpcs('a'))}\n${json(vpcs('b'))}`, 'not JSON'],
    ['a list twice', '{"Vpcs":[{"VpcId":"vpc-1"}],"Vpcs":[]}', 'JSON with a member twice'],
    ['a list of its own', json([VPC]), 'not an object'],
    ['nothing', '', 'not JSON'],
    ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]), 'neither UTF-8 nor UTF-16 text'],
  ])('%s is told, by file and, where the index names the command, by call', async (_what, content, why) => {
    const file = { [`${PLACE}/vpcs.json`]: content };
    const bare = await readFiles(file);
    expect([...bare.report.unreadable, ...bare.report.unused]).toEqual([`${PLACE}/vpcs.json`]);
    expect(bare.drafts).toEqual([]);
    const indexed = await readFiles({ ...file, [`${PLACE}/index.json`]: indexOf(['vpcs.json', DESCRIBE]) });
    expect(indexed.said).toEqual([`ec2:DescribeVpcs unreadable: ${why}`]);
    expect(indexed.report.unreadable).toEqual([`${PLACE}/vpcs.json`]);
  });

  it('answers of several calls in one file are not believed', async () => {
    const { said, report } = await readFiles({ [`${PLACE}/all.json`]: json({ ...vpcs('a'), Subnets: [] }) });
    expect(report.unreadable).toEqual([`${PLACE}/all.json`]);
    expect(said).toEqual([
      'ec2:DescribeSubnets unreadable: answers of several calls in one',
      'ec2:DescribeVpcs unreadable: answers of several calls in one',
    ]);
  });

  it.each([
    `${DESCRIBE} --filters Name=tag:a,Values=b`,
    `${DESCRIBE} --vpc-ids vpc-1`,
    `${DESCRIBE} --query '{Vpcs: Vpcs[:1]}'`,
  ])('%s answers a part', async (command) => {
    const { said } = await readFiles({
      [`${PLACE}/vpcs.json`]: json(vpcs('vpc-1')),
      [`${PLACE}/index.json`]: indexOf(['vpcs.json', command]),
    });
    expect(said).toEqual(['ec2:DescribeVpcs partial: narrowed by its options']);
  });

  it('a command that cannot be read leaves its answer a part', async () => {
    const { said } = await readFiles({
      [`${PLACE}/vpcs.json`]: json(vpcs('vpc-1')),
      [`${PLACE}/index.json`]: indexOf(['vpcs.json', 'describe all the networks']),
    });
    expect(said).toEqual(['ec2:DescribeVpcs partial: its command cannot be read']);
  });
});

describe('pages', () => {
  const page = (id: string, next?: string): string =>
    json({ ...vpcs(id), ...(next === undefined ? {} : { NextToken: next }) });
  const commands = (...tokens: readonly (string | undefined)[]): string =>
    indexOf(
      ...tokens.map((token, index): [string, string] => [
        `${index}.json`,
        `${DESCRIBE} --max-items 1${token === undefined ? '' : ` --starting-token ${token}`}`,
      ]),
    );
  const pages = (contents: readonly string[], index: string): FileTree => ({
    ...Object.fromEntries(contents.map((content, at) => [`${PLACE}/${at}.json`, content])),
    [`${PLACE}/index.json`]: index,
  });

  it('that follow each other are whole', async () => {
    const files = pages([page('a', 'T1'), page('b', 'T2'), page('c')], commands(undefined, 'T1', 'T2'));
    const { said, drafts } = await readFiles(files);
    expect(said).toEqual([complete]);
    expect(idsOf(drafts, 'Vpcs', 'VpcId')).toEqual(['a', 'b', 'c']);
  });

  it.each<[string, readonly string[], string, readonly string[]]>([
    [
      'the last is missing',
      [page('a', 'T1'), page('b', 'T2')],
      commands(undefined, 'T1'),
      [complete, 'ec2:DescribeVpcs partial: more pages follow'],
    ],
    [
      'the first is missing',
      [page('b', 'T2'), page('c')],
      commands('T1', 'T2'),
      [complete, 'ec2:DescribeVpcs partial: earlier pages are missing'],
    ],
    [
      'one between is missing',
      [page('a', 'T1'), page('c')],
      commands(undefined, 'T2'),
      ['ec2:DescribeVpcs partial: earlier pages are missing', 'ec2:DescribeVpcs partial: more pages follow'],
    ],
  ])('are not where %s', async (_what, contents, index, expected) => {
    expect((await readFiles(pages(contents, index))).said).toEqual(expected);
  });

  it('without their commands are not known to be whole', async () => {
    const { said } = await readFiles({
      [`${PLACE}/0.json`]: page('a', 'T1'),
      [`${PLACE}/1.json`]: page('b'),
    });
    expect(said).toEqual([complete, 'ec2:DescribeVpcs partial: more pages follow']);
  });
});

describe('a folder', () => {
  it('with nothing in it is nothing', async () => {
    expect(await readFiles({})).toMatchObject({ drafts: [], said: [] });
  });

  it('that is not there, or a file, or a link, is refused', async () => {
    await withFolder({ file: 'x' }, async (root) => {
      symlinkSync(root, join(root, 'link'));
      for (const name of ['none', 'file', 'link']) {
        await expect(readFolder(join(root, name))).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
    });
  });

  it('is read without following links, and says so', async () => {
    await withFolder(
      { [`${PLACE}/vpcs.json`]: json(vpcs('a')), 'other/vpcs.json': json(vpcs('b')) },
      async (root) => {
        symlinkSync(join(root, 'other/vpcs.json'), join(root, PLACE, 'linked.json'));
        symlinkSync(root, join(root, PLACE, 'loop'));
        const { drafts, report } = await readFolder(join(root, ACCOUNT), { account: ACCOUNT });
        expect(idsOf(drafts, 'Vpcs', 'VpcId')).toEqual(['a']);
        expect(report.unreadable).toEqual([`${REGION}/linked.json`, `${REGION}/loop`]);
      },
    );
  });

  it('may hold what cannot be opened, pipes and folders without end', async () => {
    await withFolder({ [`${PLACE}/vpcs.json`]: json(vpcs('a')) }, async (root) => {
      mkdirSync(join(root, 'deep/'.repeat(40)), { recursive: true });
      writeFileSync(join(root, 'deep/'.repeat(40), 'x.json'), '{}');
      const { said, report } = await readFolder(root);
      expect(said).toEqual([complete]);
      expect(report.unreadable).toHaveLength(1);
      expect(report.unreadable[0]).toMatch(/^deep\/deep/);
    });
  });

  it.skipIf(process.getuid?.() === 0)('with a closed folder in it says so', async () => {
    await withFolder({ [`${PLACE}/vpcs.json`]: json(vpcs('a')), 'closed/x.json': '{}' }, async (root) => {
      chmodSync(join(root, 'closed'), 0);
      expect((await readFolder(root)).report.unreadable).toEqual(['closed']);
      chmodSync(join(root, 'closed'), 0o755);
    });
  });

  it('does not read a file of two gigabytes', async () => {
    await withFolder({ [`${PLACE}/vpcs.json`]: '' }, async (root) => {
      truncateSync(join(root, `${PLACE}/vpcs.json`), 2 ** 31 + 1);
      writeFileSync(join(root, `${PLACE}/index.json`), indexOf(['vpcs.json', DESCRIBE]));
      const { said, report } = await readFolder(root);
      expect(said).toEqual(['ec2:DescribeVpcs unreadable: larger than 67108864 bytes']);
      expect(report.unreadable).toEqual([`${PLACE}/vpcs.json`]);
    });
  });

  it('with names of every kind is read', async () => {
    const names = [
      '北京.json',
      'a b.json',
      "quote'.json",
      'new\nline.json',
      '..json',
      '-rf.json',
      '%2e%2e.json',
    ];
    const files = Object.fromEntries(
      names.map((name, index) => [`${PLACE}/${name}`, json(vpcs(`vpc-${index}`))]),
    );
    const { drafts, report } = await readFiles(files);
    expect(report.recognised).toHaveLength(names.length);
    expect(drafts).toHaveLength(names.length);
  });

  it('may be left at any moment', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(readFiles({ [`${PLACE}/vpcs.json`]: '{}' }, { signal: stop.signal })).rejects.toThrow(
      'stopped',
    );
  });
});
