import type { JsonObject } from '../../core/index.ts';
import { containsAddress } from '../../core/index.ts';
import type { EvidenceKind } from '../../evidence/index.ts';
import type { Balancer, Listener, Target, TargetGroup } from './balancer-model.ts';
import { addressOf, numberOf, objectOf, objectsOf, textOf, textsOf } from './json-fields.ts';
import type { Interface } from './model.ts';
import type { NetworkSource } from './network-source.ts';
import type { TrafficSet } from './traffic.ts';
import { TCP, trafficOf, UDP, unionTraffic } from './traffic.ts';

const KIND: EvidenceKind = 'elbv2.load-balancers';

/** Application and network load balancers, with what they listen to and where they pass it on. */
export interface Balancing {
  readonly balancers: ReadonlyMap<string, Balancer>;
  /** The balancer of each interface that belongs to one. */
  readonly balancerOf: ReadonlyMap<string, Balancer>;
  readonly targetGroups: ReadonlyMap<string, TargetGroup>;
}

export function balancingOf(
  sources: readonly NetworkSource[],
  interfaces: ReadonlyMap<string, Interface>,
): Balancing {
  const groups = sources.flatMap((source) =>
    source
      .list(KIND, 'elasticloadbalancing:DescribeTargetGroups')
      .map((one) => ({ group: targetGroupOf(one, source), balancers: textsOf(one, 'LoadBalancerArns') })),
  );
  const described = sources.flatMap((source) =>
    source
      .list(KIND, 'elasticloadbalancing:DescribeLoadBalancers')
      // A gateway load balancer is reached by its endpoints only, which the walk judges.
      .filter((one) => textOf(one, 'Type') === 'application' || textOf(one, 'Type') === 'network')
      .map((one) => ({ one, source })),
  );
  const all = [...interfaces.values()];
  const balancers = described.map(({ one, source }): Balancer => {
    const id = textOf(one, 'LoadBalancerArn');
    const behind = groups.filter((each) => each.balancers.includes(id)).map(({ group }) => group.id);
    return {
      id,
      name: textOf(one, 'DNSName').toLowerCase(),
      interfaces: interfacesOf(one, all).map((each) => each.id),
      listeners: listenersOf(id, textOf(one, 'Type'), behind, source),
    };
  });
  return {
    balancers: new Map(balancers.map((one) => [one.id, one])),
    balancerOf: new Map(balancers.flatMap((one) => one.interfaces.map((id) => [id, one] as const))),
    targetGroups: new Map(groups.map(({ group }) => [group.id, group])),
  };
}

/** By AWS's own description, which ends as the ARN does; without it by the addresses that the balancer lists. */
function interfacesOf(one: JsonObject, all: readonly Interface[]): readonly Interface[] {
  const end = textOf(one, 'LoadBalancerArn').split(':loadbalancer/')[1] ?? '';
  const vpc = textOf(one, 'VpcId');
  const named = all.filter(({ balancer }) => balancer !== '' && balancer === end);
  if (named.length > 0) return named;
  return objectsOf(one, 'AvailabilityZones').flatMap((zone) => {
    const addresses = objectsOf(zone, 'LoadBalancerAddresses').flatMap(
      (each) => addressOf(each, 'PrivateIPv4Address') ?? [],
    );
    return all.filter(
      (each) => each.vpc === vpc && addresses.some((address) => containsAddress(each.owned, address)),
    );
  });
}

/** `null` where nobody listed them. */
function listenersOf(
  balancer: string,
  type: string,
  behind: readonly string[],
  { answers }: NetworkSource,
): readonly Listener[] | null {
  const listed = answers(KIND, 'elasticloadbalancing:DescribeListeners').filter(
    ({ parameters, complete }) => complete && parameters['load-balancer-arn'] === balancer,
  );
  if (listed.length === 0) return null;
  return listed
    .flatMap(({ entries }) => entries)
    .flatMap((entry): readonly Listener[] => {
      const traffic = listenedTo(textOf(entry, 'Protocol'), numberOf(entry, 'Port'));
      if (traffic === null) return [];
      const forwarded = objectsOf(entry, 'DefaultActions').flatMap((action) => [
        textOf(action, 'TargetGroupArn'),
        ...objectsOf(objectOf(action, 'ForwardConfig'), 'TargetGroups').map((one) =>
          textOf(one, 'TargetGroupArn'),
        ),
      ]);
      // Rules of an application balancer may choose any group that names it; a network balancer has none.
      const groups = type === 'application' ? [...forwarded, ...behind] : forwarded;
      return [
        {
          label: `${textOf(entry, 'Protocol')} ${numberOf(entry, 'Port') ?? ''}`,
          traffic,
          terminates: type === 'application' || textOf(entry, 'Protocol') === 'TLS',
          groups: [...new Set(groups.filter((id) => id !== ''))],
        },
      ];
    });
}

/** ELB API, Listener: HTTP, HTTPS, TCP and TLS are TCP; QUIC is UDP. A protocol of another name is both. */
function listenedTo(protocol: string, port: number | null): TrafficSet | null {
  if (port === null) return null;
  const tcp = trafficOf(TCP, port, port);
  const udp = trafficOf(UDP, port, port);
  if (['HTTP', 'HTTPS', 'TCP', 'TLS'].includes(protocol)) return tcp;
  return protocol === 'UDP' || protocol === 'QUIC' ? udp : unionTraffic([tcp, udp]);
}

function targetGroupOf(one: JsonObject, { answers }: NetworkSource): TargetGroup {
  const id = textOf(one, 'TargetGroupArn');
  const port = numberOf(one, 'Port');
  const health = answers(KIND, 'elasticloadbalancing:DescribeTargetHealth').filter(
    ({ parameters, complete }) => complete && parameters['target-group-arn'] === id,
  );
  return {
    id,
    type: textOf(one, 'TargetType'),
    targets:
      health.length === 0
        ? null
        : health
            .flatMap(({ entries }) => entries)
            // "unused" gets nothing; what is unhealthy now may be healthy in a minute, and is only tried later.
            .filter((entry) => stateOf(entry) !== 'unused')
            .map(
              (entry): Target => ({
                id: textOf(objectOf(entry, 'Target'), 'Id'),
                port: numberOf(objectOf(entry, 'Target'), 'Port') ?? port,
                healthy: stateOf(entry) === 'healthy',
              }),
            )
            .toSorted((left, right) => Number(right.healthy) - Number(left.healthy)),
  };
}

function stateOf(entry: JsonObject): string {
  return textOf(objectOf(entry, 'TargetHealth'), 'State');
}
