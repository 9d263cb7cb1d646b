import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PathSolver } from '../../../src/analysis/index.ts';
import { buildNetwork, createPathSolver } from '../../../src/analysis/index.ts';
import type { JsonObject } from '../../../src/core/index.ts';
import { sourceOfAnswers } from '../../support/network-source.ts';
import { instruments } from '../../support/run-sample.ts';

const DATA = join(import.meta.dirname, '../../../../shared/data/network/np-guard');
const INTERNET = 'Public Internet (all ranges)';

interface Allowed {
  readonly src: string;
  readonly dst: string;
  /** `All Connections`, `protocol: TCP` or `protocol: TCP dst-ports: 9080`. */
  readonly conn: string;
}

interface Expected {
  readonly input: string;
  readonly level: 'endpoint' | 'subnet';
  readonly allowed: readonly Allowed[];
}

const all = existsSync(DATA)
  ? (JSON.parse(readFileSync(join(DATA, 'expected.json'), 'utf8')) as readonly Expected[])
  : [];
const cases = all.filter(({ level }) => level === 'endpoint');
const subnetCases = all.filter(({ level }) => level === 'subnet');
if (cases.length === 0) console.log('skipped: ../shared/data/network/np-guard is not there');
it.skipIf(cases.length === 0)('has public labels of both levels', () => {
  expect(Math.min(cases.length, subnetCases.length)).toBeGreaterThan(0);
});

/** Packets that tell the kinds of connections of the labels apart. */
const PROBES = [
  { protocol: 'tcp', port: 9080 },
  { protocol: 'tcp', port: 22 },
  { protocol: 'udp', port: 9080 },
  { protocol: 'icmp' },
] as const;

describe.skipIf(cases.length === 0).each(cases)('the public labels of $input', ({ input, allowed }) => {
  let solver: PathSolver;
  const answers = answersOf(input);
  const places = [INTERNET, ...endpointsOf(answers)];

  /** From the Internet, an interface is called by its public address: its id stands for all of them. */
  const idOf = (name: string): string =>
    name === INTERNET
      ? 'internet'
      : String(interfacesIn(answers).find((one) => one['PrivateIpAddress'] === name)?.['NetworkInterfaceId']);

  beforeAll(async () => {
    const { locator } = await instruments();
    solver = createPathSolver(buildNetwork([sourceOfAnswers(answers)]), locator);
  });

  it.each(places.flatMap((src) => places.filter((dst) => dst !== src).map((dst) => [src, dst])))(
    '%s to %s',
    (src, dst) => {
      const connections = allowed.filter((one) => nameOf(one.src) === src && nameOf(one.dst) === dst);
      for (const probe of PROBES) {
        const { disposition } = solver.answer({ from: idOf(src), to: idOf(dst), ...probe });
        const passes = disposition === 'delivered' || disposition === 'leaves-vpc';
        const wanted = connections.some(({ conn }) => covers(conn, probe));
        expect(passes, `${JSON.stringify(probe)} is ${disposition}`).toBe(wanted);
      }
    },
  );
});

/**
 * What subnets may do at all, whatever is in them: their labels look at network ACLs and gateways only. So one machine
 * stands in each subnet, whose group lets everything pass, with a public address where the subnet gives them.
 */
describe.skipIf(subnetCases.length === 0).each(subnetCases)(
  'the public labels of subnets of $input',
  ({ input, allowed }) => {
    let solver: PathSolver;
    const answers = withMachines(answersOf(input));
    const subnets = answers['ec2:DescribeSubnets'] ?? [];
    const nameOfSubnet = (one: JsonObject): string => {
      const tags = (one['Tags'] ?? []) as readonly JsonObject[];
      return String(tags.find(({ Key }) => Key === 'Name')?.['Value'] ?? one['SubnetId']);
    };
    const pairs = subnets.flatMap((src) => [
      ...subnets
        .filter((dst) => dst !== src && dst['VpcId'] === src['VpcId'])
        .map((dst) => [nameOfSubnet(src), nameOfSubnet(dst), machineIn(src), machineIn(dst)] as const),
      [nameOfSubnet(src), INTERNET, machineIn(src), 'internet'] as const,
    ]);

    beforeAll(async () => {
      const { locator } = await instruments();
      solver = createPathSolver(buildNetwork([sourceOfAnswers(answers)]), locator);
    });

    it('are about subnets that are there', () => {
      const names = new Set([...subnets.map(nameOfSubnet), INTERNET]);
      expect(allowed.every(({ src, dst }) => names.has(src) && names.has(dst))).toBe(true);
      expect(allowed.length).toBeGreaterThan(0);
    });

    it.each(pairs)('%s to %s', (src, dst, from, to) => {
      const connections = allowed.filter((one) => one.src === src && one.dst === dst);
      for (const probe of PROBES) {
        const { disposition } = solver.answer({ from, to, ...probe });
        const passes = disposition === 'delivered' || disposition === 'leaves-vpc';
        expect(passes, `${JSON.stringify(probe)} is ${disposition}`).toBe(
          connections.some(({ conn }) => covers(conn, probe)),
        );
      }
    });
  },
);

function machineIn(subnet: JsonObject): string {
  return `machine in ${String(subnet['SubnetId'])}`;
}

function withMachines(answers: Answers): Answers {
  const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  const machines = (answers['ec2:DescribeSubnets'] ?? []).map((subnet, index) => ({
    NetworkInterfaceId: machineIn(subnet),
    VpcId: subnet['VpcId'] ?? null,
    SubnetId: subnet['SubnetId'] ?? null,
    // The labels' blocks are /24 and /20: the last host of the first 256 is in each.
    PrivateIpAddress: String(subnet['CidrBlock']).replace(/\.0\/\d+$/, '.254'),
    ...(subnet['MapPublicIpOnLaunch'] === true ? { Association: { PublicIp: `198.51.100.${index}` } } : {}),
    Groups: [{ GroupId: 'everything' }],
    SourceDestCheck: true,
  }));
  return {
    ...answers,
    'ec2:DescribeNetworkInterfaces': machines,
    'ec2:DescribeSecurityGroups': [
      { GroupId: 'everything', IpPermissions: everything, IpPermissionsEgress: everything },
    ],
  };
}

/** Labels name `app1[10.0.0.1]`; the address is what both sides know. */
function nameOf(label: string): string {
  return /\[(.+)\]$/.exec(label)?.[1] ?? label;
}

function covers(conn: string, probe: (typeof PROBES)[number]): boolean {
  if (conn === 'All Connections') return true;
  const [, protocol, ports] = /^protocol: (\w+)(?: dst-ports: (\d+))?$/.exec(conn) ?? [];
  if (protocol?.toLowerCase() !== probe.protocol) return false;
  return ports === undefined || ('port' in probe && Number(ports) === probe.port);
}

type Answers = Readonly<Record<string, readonly JsonObject[]>>;

function endpointsOf(answers: Answers): readonly string[] {
  return interfacesIn(answers).map((one) => String(one['PrivateIpAddress']));
}

function interfacesIn(answers: Answers): readonly JsonObject[] {
  return answers['ec2:DescribeNetworkInterfaces'] ?? [];
}

/** Their file as the calls that it came from; a subnet that gives public addresses has a way to the internet gateway. */
function answersOf(input: string): Answers {
  const config = JSON.parse(readFileSync(join(DATA, input), 'utf8')) as Readonly<
    Record<string, readonly JsonObject[]>
  >;
  const list = (name: string): readonly JsonObject[] => config[name] ?? [];
  const gatewayOf = (vpc: unknown): string =>
    String(
      list('internet_gateways').find((one) =>
        (one['Attachments'] as readonly JsonObject[]).some(({ VpcId }) => VpcId === vpc),
      )?.['InternetGatewayId'],
    );
  return {
    'ec2:DescribeVpcs': list('vpcs'),
    'ec2:DescribeSubnets': list('subnets'),
    'ec2:DescribeInternetGateways': list('internet_gateways'),
    'ec2:DescribeNetworkAcls': list('network_acls'),
    'ec2:DescribeSecurityGroups': list('security_groups'),
    'ec2:DescribeNetworkInterfaces': list('instances').flatMap((one) =>
      (one['NetworkInterfaces'] as readonly JsonObject[]).map((each) => ({
        ...each,
        Attachment: { InstanceId: one['InstanceId'] ?? null },
      })),
    ),
    'ec2:DescribeRouteTables': list('subnets').map((one) => ({
      RouteTableId: `table of ${String(one['SubnetId'])}`,
      VpcId: one['VpcId'] ?? null,
      Associations: [{ SubnetId: one['SubnetId'] ?? null, Main: false }],
      Routes:
        one['MapPublicIpOnLaunch'] === true
          ? [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: gatewayOf(one['VpcId']), State: 'active' }]
          : [],
    })),
  };
}
