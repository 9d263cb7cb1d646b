import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InterfaceEgress, NetworkSource } from '../../../src/analysis/index.ts';
import { destinationsIn, solveNetwork } from '../../../src/analysis/index.ts';
import type { IpSet, JsonObject } from '../../../src/core/index.ts';
import { EMPTY_SET, equalSets, isSubset, union } from '../../../src/core/index.ts';
import { sourceOfAnswers } from '../../support/network-source.ts';
import type { Answers } from '../../support/small-network.ts';
import { acl, networkInterface, PLAIN, route, subnet, table } from '../../support/small-network.ts';

/** What each interface can reach by each exit, opened from inside or as an answer, certain or in doubt. */
type Reach = ReadonlyMap<string, IpSet>;

function reachOf(sources: readonly NetworkSource[]): Reach {
  const reach = new Map<string, IpSet>();
  const add = (one: InterfaceEgress, kind: 'initiated' | 'replies'): void => {
    for (const leaving of one[kind]) {
      for (const { id } of one.interfaces) {
        const key = `${id} ${kind} ${leaving.exit.id}`;
        reach.set(key, union(reach.get(key) ?? EMPTY_SET, destinationsIn(leaving)));
      }
    }
  };
  for (const one of solveNetwork(sources).classes) {
    add(one, 'initiated');
    add(one, 'replies');
  }
  return reach;
}

function sameReach(left: Reach, right: Reach): boolean {
  return (
    left.size === right.size && [...left].every(([key, set]) => equalSets(set, right.get(key) ?? EMPTY_SET))
  );
}

const CIDRS = ['0.0.0.0/0', '8.0.0.0/8', '8.8.8.0/24', '10.1.0.0/16', '52.80.0.0/15', '128.0.0.0/1'] as const;
const cidr = fc.constantFrom(...CIDRS);
const entry = fc.record({
  RuleNumber: fc.integer({ min: 1, max: 99 }),
  Egress: fc.boolean(),
  Protocol: fc.constantFrom('-1', '6', '17'),
  RuleAction: fc.constantFrom('allow', 'deny'),
  CidrBlock: cidr,
});
const permission = fc.record({
  IpProtocol: fc.constantFrom('-1', 'tcp', 'udp'),
  IpRanges: fc.array(
    cidr.map((CidrIp) => ({ CidrIp })),
    { maxLength: 3 },
  ),
});
const target = fc.constantFrom<JsonObject>(
  { GatewayId: 'igw-1' },
  { NatGatewayId: 'nat-1' },
  { GatewayId: 'vgw-1' },
  { TransitGatewayId: 'tgw-unknown' },
  { NetworkInterfaceId: 'eni-public' },
);
const routes = fc.uniqueArray(
  fc
    .tuple(cidr, target, fc.constantFrom('active', 'blackhole'))
    .map(([to, by, state]) => route(to, by, state)),
  { maxLength: 5, selector: ({ DestinationCidrBlock }) => DestinationCidrBlock },
);

/** A small network drawn at random: its ACL, groups and tables. */
const network = fc
  .record({
    entries: fc.uniqueArray(entry, { maxLength: 6, selector: ({ RuleNumber }) => RuleNumber }),
    egress: fc.array(permission, { maxLength: 3 }),
    ingress: fc.array(permission, { maxLength: 3 }),
    routes,
    publicRoutes: routes,
  })
  .map(
    ({ entries, egress, ingress, routes: own, publicRoutes }): Answers => ({
      ...PLAIN,
      'ec2:DescribeNetworkAcls': [acl('acl-1', ['subnet-public', 'subnet-private'], entries)],
      'ec2:DescribeSecurityGroups': [
        { GroupId: 'sg-open', IpPermissions: ingress, IpPermissionsEgress: egress },
      ],
      'ec2:DescribeRouteTables': [
        table('rtb-public', 'vpc-1', publicRoutes, ['subnet-public']),
        table('rtb-private', 'vpc-1', own, ['subnet-private']),
      ],
      'ec2:DescribeNatGateways': [
        {
          NatGatewayId: 'nat-1',
          VpcId: 'vpc-1',
          SubnetId: 'subnet-public',
          State: 'available',
          NatGatewayAddresses: [{ PrivateIp: '10.1.0.200', PublicIp: '3.120.1.9' }],
        },
      ],
    }),
  );

const solve = (answers: Answers): Reach => reachOf([sourceOfAnswers(answers)]);

describe('laws of what can leave', () => {
  it('taking a deny away removes no exit', () => {
    fc.assert(
      fc.property(network, fc.nat(), (answers, pick) => {
        const [only] = answers['ec2:DescribeNetworkAcls'] ?? [];
        const entries = (only?.['Entries'] ?? []) as readonly JsonObject[];
        const denies = entries.filter(({ RuleAction }) => RuleAction === 'deny');
        const gone = denies[pick % Math.max(1, denies.length)];
        const lighter = {
          ...answers,
          'ec2:DescribeNetworkAcls': [{ ...only, Entries: entries.filter((one) => one !== gone) }],
        };
        const [before, after] = [solve(answers), solve(lighter)];
        return [...before].every(([key, set]) => isSubset(set, after.get(key) ?? EMPTY_SET));
      }),
      { numRuns: 150 },
    );
  });

  it('a wider group removes no exit', () => {
    fc.assert(
      fc.property(network, permission, (answers, more) => {
        const [group] = answers['ec2:DescribeSecurityGroups'] ?? [];
        const wider = {
          ...answers,
          'ec2:DescribeSecurityGroups': [
            {
              ...group,
              IpPermissionsEgress: [
                ...((group?.['IpPermissionsEgress'] ?? []) as readonly JsonObject[]),
                more,
              ],
            },
          ],
        };
        const [before, after] = [solve(answers), solve(wider)];
        return [...before].every(([key, set]) => isSubset(set, after.get(key) ?? EMPTY_SET));
      }),
      { numRuns: 100 },
    );
  });

  it('what has nothing to do with a network changes nothing of it', () => {
    fc.assert(
      fc.property(network, network, (answers, other) => {
        const apart = renamed(other, 'other0');
        const joined = Object.fromEntries(
          Object.keys(answers).map((call) => [call, [...(answers[call] ?? []), ...(apart[call] ?? [])]]),
        );
        const alone = solve(answers);
        const together = new Map([...solve(joined)].filter(([key]) => !key.includes('other0')));
        return sameReach(alone, together);
      }),
      { numRuns: 100 },
    );
  });

  it('names mean nothing', () => {
    fc.assert(
      fc.property(network, (answers) => {
        const back = new Map(
          [...solve(renamed(answers, 'x0'))].map(([key, set]) => [key.replaceAll('x0', ''), set]),
        );
        return sameReach(solve(answers), back);
      }),
      { numRuns: 100 },
    );
  });

  it('an unknown target on a path is told', () => {
    fc.assert(
      fc.property(fc.constantFrom('NewGatewayId', 'SomethingId'), (member) => {
        const { classes } = solveNetwork([
          sourceOfAnswers({
            ...PLAIN,
            'ec2:DescribeRouteTables': [
              table(
                'rtb-all',
                'vpc-1',
                [route('0.0.0.0/0', { [member]: 'n-1' })],
                ['subnet-public', 'subnet-private'],
              ),
            ],
          }),
        ]);
        expect(
          classes.every(({ unknowns }) => unknowns.some(({ code }) => code === 'UNSUPPORTED_CONSTRUCT')),
        ).toBe(true);
      }),
    );
  });

  it.each([
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeNetworkAcls',
    'ec2:DescribeSubnets',
    'ec2:DescribeRouteTables',
    'ec2:DescribeNatGateways',
  ])('taking an object of %s away never leaves a network without exits and without doubts', (call) => {
    const answers: Answers = {
      ...PLAIN,
      'ec2:DescribeRouteTables': [
        table('rtb-public', 'vpc-1', [route('0.0.0.0/0', { GatewayId: 'igw-1' })], ['subnet-public']),
        table('rtb-private', 'vpc-1', [route('0.0.0.0/0', { NatGatewayId: 'nat-1' })], ['subnet-private']),
      ],
      'ec2:DescribeNatGateways': [
        {
          NatGatewayId: 'nat-1',
          VpcId: 'vpc-1',
          SubnetId: 'subnet-public',
          State: 'available',
          NatGatewayAddresses: [{ PrivateIp: '10.1.0.200', PublicIp: '3.120.1.9' }],
        },
      ],
    };
    for (const [index] of (answers[call] ?? []).entries()) {
      const less = { ...answers, [call]: (answers[call] ?? []).filter((_, at) => at !== index) };
      for (const one of solveNetwork([sourceOfAnswers(less)]).classes) {
        expect(one.initiated.length + one.unknowns.length).toBeGreaterThan(0);
      }
    }
  });
});

describe('cross-account peering', () => {
  const side = (account: string, vpc: string, block: string): JsonObject => ({
    VpcId: vpc,
    OwnerId: account,
    Region: 'eu-central-1',
    CidrBlock: block,
    CidrBlockSet: [{ CidrBlock: block }],
  });
  const peering = {
    VpcPeeringConnectionId: 'pcx-1',
    Status: { Code: 'active' },
    RequesterVpcInfo: side('111111111111', 'vpc-1', '10.1.0.0/16'),
    AccepterVpcInfo: side('222222222222', 'vpc-2', '10.2.0.0/16'),
  };
  const ours: Answers = {
    ...PLAIN,
    'ec2:DescribeVpcPeeringConnections': [peering],
    'ec2:DescribeRouteTables': [
      table(
        'rtb-all',
        'vpc-1',
        [route('10.2.0.0/16', { VpcPeeringConnectionId: 'pcx-1' })],
        ['subnet-public', 'subnet-private'],
      ),
    ],
  };

  it('is an exit to an account that is not in the evidence, and none where it is', () => {
    const alone = solveNetwork([sourceOfAnswers(ours)]);
    const [exit] = alone.classes.flatMap(({ initiated }) => initiated.map((one) => one.exit));
    expect(exit).toMatchObject({ kind: 'peering', far: { kind: 'region', account: '222222222222' } });
    const theirs = sourceOfAnswers(
      {
        'ec2:DescribeVpcs': [{ VpcId: 'vpc-2', CidrBlock: '10.2.0.0/16' }],
        'ec2:DescribeSubnets': [subnet('subnet-2', 'vpc-2', '10.2.0.0/24')],
        'ec2:DescribeVpcPeeringConnections': [peering],
        'ec2:DescribeNetworkInterfaces': [networkInterface('eni-2', 'vpc-2', 'subnet-2', '10.2.0.10')],
      },
      [],
      { account: '222222222222', region: 'eu-central-1' },
    );
    const together = solveNetwork([sourceOfAnswers(ours), theirs]);
    const exits = together.classes
      .filter(({ interfaces }) => interfaces.some(({ vpc }) => vpc === 'vpc-1'))
      .flatMap(({ initiated }) => initiated);
    expect(exits).toEqual([]);
  });
});

/** The same answers with every id named anew; its prefix stays, since AWS's own ids say what they are by it. */
function renamed(answers: Answers, mark: string): Answers {
  const text = JSON.stringify(answers).replaceAll(
    /"((?:vpc|subnet|rtb|igw|vgw|nat|acl|sg|eni|tgw)-)([a-z0-9]+)"/g,
    (_all, kind: string, id: string) => `"${kind}${mark}${id}"`,
  );
  return JSON.parse(text) as Answers;
}
