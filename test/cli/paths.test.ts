import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EvidenceKind } from '../../src/evidence/index.ts';
import { createDirectoryStore } from '../../src/storage/index.ts';
import { outputFaults } from '../support/output-schemas.ts';
import { domicile } from '../support/shell.ts';
import { PLAIN } from '../support/small-network.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
const MEMBERS: Readonly<Record<string, string>> = {
  'ec2:DescribeVpcs': 'Vpcs',
  'ec2:DescribeSubnets': 'Subnets',
  'ec2:DescribeRouteTables': 'RouteTables',
  'ec2:DescribeInternetGateways': 'InternetGateways',
  'ec2:DescribeNetworkAcls': 'NetworkAcls',
  'ec2:DescribeSecurityGroups': 'SecurityGroups',
  'ec2:DescribeNetworkInterfaces': 'NetworkInterfaces',
};

const KIND_OF: Readonly<Record<string, EvidenceKind>> = {
  'ec2:DescribeVpcs': 'ec2.vpcs',
  'ec2:DescribeSubnets': 'ec2.subnets',
  'ec2:DescribeRouteTables': 'ec2.route-tables',
  'ec2:DescribeInternetGateways': 'ec2.internet-gateways',
  'ec2:DescribeNetworkAcls': 'ec2.network-acls',
  'ec2:DescribeSecurityGroups': 'ec2.security-groups',
  'ec2:DescribeNetworkInterfaces': 'ec2.network-interfaces',
};

function writeAnswers(name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [call, entries] of Object.entries(PLAIN)) {
    const member = MEMBERS[call] ?? '';
    writeFileSync(join(path, `${member}.json`), JSON.stringify({ [member]: entries }));
  }
  return path;
}

let plain: string;

beforeAll(() => {
  plain = writeAnswers('plain');
});

describe('domicile paths', () => {
  it('answers one question, on a folder without account and region levels', async () => {
    const args = ['paths', '--evidence', plain, '--from', 'eni-public', '--to', '8.8.8.8'];
    const { exitCode, out } = await domicile([...args, '--protocol', 'tcp', '--port', '443', '--json']);
    expect(exitCode).toBe(0);
    expect(outputFaults('paths', out[0] ?? '')).toEqual([]);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      disposition: 'leaves-vpc',
      exit: { kind: 'internet-gateway', id: 'igw-1' },
      packet: '10.1.0.10 → 8.8.8.8, tcp 443',
    });
  });

  it('answers a file of questions in its order, a senseless one among them', async () => {
    const questions = [
      { id: 'a', from: 'internet', to: 'eni-public', protocol: 'tcp', port: 443 },
      { id: 'b', from: 'eni-nowhere', to: '8.8.8.8' },
      { id: 3, from: 'eni-private', to: '8.8.8.8' },
    ];
    const { exitCode, out } = await domicile(['paths', '--evidence', plain, '--queries', '-'], {
      input: questions.map((question) => JSON.stringify(question)).join('\n'),
    });
    expect(exitCode).toBe(2);
    expect(out.flatMap((line) => outputFaults('paths', line))).toEqual([]);
    expect(out.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { id: 'a', disposition: 'delivered' },
      { id: 'b', disposition: 'unknown' },
      { id: 3, disposition: 'no-route' },
    ]);
  });

  it('says of every interface whether it can leave, by what, or what stops it', async () => {
    const args = ['paths', '--evidence', plain, '--all', '--to', 'outside:CN'];
    const { exitCode, out } = await domicile([...args, '--json']);
    expect(exitCode).toBe(0);
    expect(out.flatMap((line) => outputFaults('paths', line))).toEqual([]);
    expect(out.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { interface: 'eni-private', initiated: 'cannot', exits: [] },
      { interface: 'eni-public', initiated: 'can', reply: 'can', exits: [{ id: 'igw-1' }] },
    ]);
    expect((await domicile(args)).out.join('\n')).toContain('no route matches');
  });

  it('has no answer where nothing of a network was read, or nobody lists interfaces', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    writeFileSync(join(empty, 'readme.json'), '{"hello": 1}');
    const nothing = await domicile(['paths', '--evidence', empty, '--from', 'internet', '--to', '10.0.0.1']);
    expect(nothing.exitCode).toBe(65);

    const unlisted = join(folder, 'unlisted');
    mkdirSync(unlisted);
    writeFileSync(join(unlisted, 'vpcs.json'), JSON.stringify({ Vpcs: PLAIN['ec2:DescribeVpcs'] }));
    const args = ['paths', '--evidence', unlisted];
    const one = await domicile([...args, '--from', 'internet', '--to', '10.1.0.10', '--json']);
    expect(one.exitCode).toBe(2);
    expect(JSON.parse(one.out[0] ?? '')).toMatchObject({ disposition: 'unknown' });
    expect((await domicile([...args, '--all', '--to', 'outside:CN'])).exitCode).toBe(2);
  });

  it('never says that there is no path where a file could not be read', async () => {
    const broken = writeAnswers('broken');
    writeFileSync(join(broken, 'more-route-tables.json'), '{"RouteTables": [');
    const args = ['paths', '--evidence', broken, '--from', 'eni-private', '--to', '8.8.8.8', '--json'];
    const { exitCode, out, notes } = await domicile(args);
    expect(exitCode).toBe(2);
    expect(notes.join()).toContain('more-route-tables.json cannot be read');
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ disposition: 'unknown' });
  });

  it('reads an evidence store as well, and says unknown where it holds a call only in part', async () => {
    const write = async (name: string, status: 'complete' | 'partial'): Promise<string> => {
      const store = createDirectoryStore(join(folder, name));
      for (const [call, entries] of Object.entries(PLAIN)) {
        const kind = KIND_OF[call];
        if (kind === undefined) throw new Error(`expected a kind of ${call}`);
        const place = { partition: 'aws', account: '111111111111', region: 'eu-central-1', target: '' };
        await store.put({
          key: { kind, ...place, call, parameters: {}, phase: 'start', part: 0 },
          time: '2026-11-22T20:00:00Z',
          status: call === 'ec2:DescribeRouteTables' ? status : 'complete',
          reason: '',
          provenance: 'live',
          dropped: [],
          body: { [MEMBERS[call] ?? '']: entries },
        });
      }
      await store.seal();
      return join(folder, name);
    };
    const ask = async (evidence: string, from: string): Promise<unknown> => {
      const { out } = await domicile([
        'paths',
        '--evidence',
        evidence,
        '--from',
        from,
        '--to',
        '8.8.8.8',
        '--json',
      ]);
      return JSON.parse(out[0] ?? '');
    };
    const whole = await write('store', 'complete');
    expect(await ask(whole, 'eni-public')).toMatchObject({ disposition: 'leaves-vpc' });
    expect(await ask(whole, 'eni-private')).toMatchObject({ disposition: 'no-route' });
    expect(await ask(await write('cut-store', 'partial'), 'eni-private')).toMatchObject({
      disposition: 'unknown',
    });
  });

  it.each([
    [['paths', '--evidence', 'x'], 64],
    [['paths', '--evidence', 'nowhere', '--all', '--to', 'internet'], 65],
  ] as const)('refuses %j', async (args, expected) => {
    expect((await domicile(args)).exitCode).toBe(expected);
  });

  it('names functions outside every VPC beside the interfaces: they reach anything', async () => {
    const path = writeAnswers('functions');
    const functions = [
      { FunctionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:outside' },
      {
        FunctionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:inside',
        VpcConfig: { VpcId: 'vpc-1' },
      },
    ];
    writeFileSync(join(path, 'functions.json'), JSON.stringify({ Functions: functions }));
    const { out, notes } = await domicile([
      'paths',
      '--evidence',
      path,
      '--all',
      '--to',
      'internet',
      '--json',
    ]);
    expect(out).toHaveLength(2);
    expect(notes.filter((line) => line.includes('runs in no VPC'))).toEqual([
      expect.stringContaining('function:outside') as string,
    ]);
  });

  it('says of no interface that it cannot leave where an object is described twice, and differently', async () => {
    const folder = writeAnswers('twice');
    const tables = (target: object): string =>
      JSON.stringify({
        RouteTables: [
          {
            RouteTableId: 'rtb-private',
            VpcId: 'vpc-1',
            Associations: [{ SubnetId: 'subnet-private', Main: false }],
            Routes: [{ DestinationCidrBlock: '0.0.0.0/0', State: 'active', ...target }],
          },
        ],
      });
    const all = ['paths', '--evidence', folder, '--all', '--to', 'internet', '--json'];
    const one = ['paths', '--evidence', folder, '--from', 'eni-private', '--to', '8.8.8.8', '--json'];
    const isPrivate = (line: string): boolean => line.includes('"eni-private"');
    expect((await domicile(all)).out.find(isPrivate)).toContain('"initiated":"cannot"');
    writeFileSync(join(folder, 'zz.json'), tables({ NatGatewayId: 'nat-1' }));
    expect((await domicile(all)).out.find(isPrivate)).toContain('"initiated":"unknown"');
    expect(JSON.parse((await domicile(one)).out[0] ?? '')).toMatchObject({
      disposition: 'unknown',
      reason: expect.stringContaining('described twice') as string,
    });
  });
});
