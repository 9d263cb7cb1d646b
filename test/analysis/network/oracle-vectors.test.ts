import { describe, expect, it } from 'vitest';
import { address, textOf } from '../../oracle/address.ts';
import type { Disposition, Outcome, Packet } from '../../oracle/packet.ts';
import { ICMP, TCP, UDP } from '../../oracle/packet.ts';
import type { BatfishFlow, GuardedSnapshot } from '../../oracle/public-data.ts';
import {
  batfishFlows,
  batfishSnapshot,
  guardedSnapshots,
  HAS_PUBLIC_NETWORKS,
} from '../../oracle/public-data.ts';
import type { Origin } from '../../oracle/walk.ts';
import { simulate } from '../../oracle/walk.ts';
import type { World } from '../../oracle/world.ts';
import { worldOf } from '../../oracle/world.ts';

/**
 * The oracle is only worth something if it is right itself: it is held against two public readings of AWS
 * that are not ours.
 */
if (!HAS_PUBLIC_NETWORKS) console.log('skipped: ../shared/data/network is not here');

const OUTSIDE = '198.51.100.7';

const packet = (source: string, destination: string, protocol: number, port = 0): Packet => ({
  source: address(source),
  destination: address(destination),
  protocol,
  sourcePort: 40_000,
  destinationPort: port,
  icmp: { type: 8, code: 0 },
  answers: false,
});

describe.skipIf(!HAS_PUBLIC_NETWORKS)('the flows that Batfish traces', () => {
  const flows = HAS_PUBLIC_NETWORKS ? batfishFlows() : [];

  /** What our words for an ending are in theirs. */
  const THEIRS: Readonly<Record<Disposition, readonly BatfishFlow['verdict'][]>> = {
    denied: ['denied'],
    delivered: ['reaches'],
    // A gateway endpoint hands over to a service: they say it arrives there.
    'leaves-vpc': ['leaves-vpc', 'reaches'],
    'no-route': ['unreachable'],
    blackhole: ['unreachable'],
    unknown: [],
  };

  /**
   * Where we differ on purpose. A VPN gateway forwards what it learned by BGP and over Direct Connect, which no
   * `Describe*` answer lists; Batfish knows the static routes and says that nothing else leaves. To someone who
   * must not let data out, the gateway may carry it.
   */
  const KNOWINGLY = new Set(['bf-06', 'bf-12']);

  it.for(flows.map((flow) => [flow.id, flow] as const))('%s', ([id, flow]) => {
    const world = worldOf(batfishSnapshot(flow.snapshot));
    const outcome = simulate(world, originOf(world, flow), packetOf(flow));
    if (KNOWINGLY.has(id)) {
      expect(outcome).toMatchObject({ disposition: 'leaves-vpc', exit: { kind: 'vpn-gateway' } });
      return;
    }
    expect(THEIRS[outcome.disposition], outcome.reason).toContain(flow.verdict);
    if (outcome.disposition === 'leaves-vpc') expect(hopsOf(outcome)).toEqual(theirHops(flow));
  });

  const originOf = (world: World, { from }: BatfishFlow): Origin => {
    if (from === 'internet') return { kind: 'internet' };
    if (from.startsWith('subnet-')) return { kind: 'subnet', id: from };
    if (from.startsWith('vgw-')) return { kind: 'vpn-gateway', id: from };
    const own = [...world.interfaces.values()].find(({ Attachment }) => Attachment?.InstanceId === from);
    return { kind: 'interface', id: own?.NetworkInterfaceId ?? '' };
  };

  const packetOf = ({ srcIp, dstIp, protocol, dstPort }: BatfishFlow): Packet => {
    const number = protocol === 'tcp' ? TCP : Number(/\d+/.exec(protocol)?.[0]);
    return packet(srcIp === '*' ? OUTSIDE : srcIp, dstIp, number, dstPort ?? 0);
  };

  const WAYPOINT = /^(?:subnet|nat|igw|vgw|vpce)-/;

  const hopsOf = ({ hops }: Outcome): readonly string[] => [
    ...new Set(hops.map(({ id }) => id).filter((id) => WAYPOINT.test(id))),
  ];

  const theirHops = ({ path }: BatfishFlow): readonly string[] => path.filter((id) => WAYPOINT.test(id));
});

describe.skipIf(!HAS_PUBLIC_NETWORKS)('the connections that np-guard allows', () => {
  const snapshots = HAS_PUBLIC_NETWORKS ? guardedSnapshots() : [];
  const PROBES: readonly (readonly [name: string, protocol: number, port: number])[] = [
    ['TCP', TCP, 80],
    ['TCP', TCP, 9080],
    ['UDP', UDP, 53],
    ['ICMP', ICMP, 0],
  ];

  it.for(snapshots.map((snapshot) => [snapshot.name, snapshot] as const))('%s', ([, snapshot]) => {
    const world = worldOf(snapshot.documents);
    for (const [from, sender] of snapshot.endpoints) {
      for (const [to, receiver] of snapshot.endpoints) {
        if (from === to) continue;
        const [source, destination] = [sender.PrivateIpAddress ?? '', receiver.PrivateIpAddress ?? ''];
        expectProbes(snapshot, from, to, (protocol, port) =>
          simulate(
            world,
            { kind: 'interface', id: sender.NetworkInterfaceId },
            packet(source, destination, protocol, port),
          ),
        );
      }
      const own = sender.PrivateIpAddress ?? '';
      expectProbes(snapshot, from, INTERNET, (protocol, port) =>
        simulate(
          world,
          { kind: 'interface', id: sender.NetworkInterfaceId },
          packet(own, OUTSIDE, protocol, port),
        ),
      );
      const outer = [...world.publicHolders].find(([, { holder }]) => holder === sender)?.[0];
      if (outer === undefined) continue;
      const publicIp = textOf({ family: 4, value: BigInt(outer.split('/')[1] ?? 0) });
      expectProbes(snapshot, INTERNET, from, (protocol, port) =>
        simulate(world, { kind: 'internet' }, packet(OUTSIDE, publicIp, protocol, port)),
      );
    }
  });

  const INTERNET = 'Public Internet (all ranges)';

  const expectProbes = (
    { allowed }: GuardedSnapshot,
    from: string,
    to: string,
    probe: (protocol: number, port: number) => Outcome,
  ): void => {
    const conn = allowed.find(({ src, dst }) => src === from && dst === to)?.conn ?? 'none';
    for (const [name, protocol, port] of PROBES) {
      const passes = ['delivered', 'leaves-vpc'].includes(probe(protocol, port).disposition);
      expect(passes, `${from} to ${to}, ${name} ${port}`).toBe(covers(conn, name, port));
    }
  };

  /** Whether `All Connections` or `protocol: TCP dst-ports: 9080` holds a probe. */
  const covers = (conn: string, name: string, port: number): boolean => {
    if (conn === 'All Connections') return true;
    const [, protocol, ports] = /^protocol: (\w+)(?: dst-ports: (\d+))?$/.exec(conn) ?? [];
    return protocol === name && (ports === undefined || Number(ports) === port);
  };
});

it('is told apart by these vectors from an oracle that lets everything pass', () => {
  if (!HAS_PUBLIC_NETWORKS) return;
  const refused = batfishFlows().filter(({ verdict }) => verdict === 'denied' || verdict === 'unreachable');
  expect(refused.length).toBeGreaterThan(15);
});
