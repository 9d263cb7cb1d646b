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

const cases = existsSync(DATA)
  ? (JSON.parse(readFileSync(join(DATA, 'expected.json'), 'utf8')) as readonly Expected[]).filter(
      ({ level }) => level === 'endpoint',
    )
  : [];
if (cases.length === 0) console.log('skipped: ../shared/data/network/np-guard is not there');

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
