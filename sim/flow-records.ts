import type { NamedStack } from './gateway-stack.ts';
import type { Random } from './random.ts';

/** One flow-log record, with the fields that any of the sample's formats can ask for. */
export type FlowRecord = Readonly<Record<string, string>>;

/** The span that the logs cover, in Unix seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A foreign conversation to plant into the logs. */
export interface PlantedFlow {
  readonly peer: string;
  readonly port: number;
  readonly initiator: 'inside' | 'outside';
}

const INTERVAL = 600;
const SYN = '2';
const SYN_ACK = '18';

/**
 * A day in a gateway's life as the flow logs tell it: every interface in every ten minutes, calls to the
 * declared providers through the NAT gateway, callers of the load balancer, NODATA where nothing happened.
 */
export function gatewayFlows(
  named: NamedStack,
  span: Span,
  planted: readonly PlantedFlow[],
  random: Random,
): readonly FlowRecord[] {
  const { stack, plan, names } = named;
  const records: FlowRecord[] = [];
  const addressOf = (id: string): string =>
    String(stack.networkInterfaces.find((one) => one['NetworkInterfaceId'] === id)?.['PrivateIpAddress']);
  const interfaces = stack.networkInterfaces.map((one) => String(one['NetworkInterfaceId']));
  const balancers = stack.networkInterfaces
    .filter((one) => String(one['Description']).startsWith('ELB'))
    .map((one) => String(one['NetworkInterfaceId']));
  const nat = stack.networkInterfaces.find((one) => one['InterfaceType'] === 'nat_gateway');
  const natInterface = String(nat?.['NetworkInterfaceId']);
  const natAddress = String(nat?.['PrivateIpAddress']);

  const record = (eni: string, start: number, values: FlowRecord): FlowRecord => ({
    version: '5',
    'account-id': stack.account,
    'interface-id': eni,
    'vpc-id': names.vpc,
    start: String(start + random.below(20)),
    end: String(start + INTERVAL - 1),
    action: 'ACCEPT',
    'log-status': 'OK',
    protocol: '6',
    type: 'IPv4',
    region: stack.region,
    ...values,
  });
  /** Both directions of one TCP conversation, as one interface sees it. */
  const conversation = (
    eni: string,
    start: number,
    ends: {
      readonly from: string;
      readonly to: string;
      readonly port: number;
      readonly farFrom?: string;
      readonly farTo?: string;
    },
  ): void => {
    const client = String(32_768 + random.below(28_000));
    const local = addressOf(eni);
    const outward = ends.from === local;
    const volume = (): FlowRecord => {
      const packets = 4 + random.below(400);
      return { packets: String(packets), bytes: String(packets * (60 + random.below(1300))) };
    };
    const there = {
      srcaddr: ends.from,
      dstaddr: ends.to,
      'pkt-srcaddr': ends.farFrom ?? ends.from,
      'pkt-dstaddr': ends.farTo ?? ends.to,
    };
    const back = {
      srcaddr: ends.to,
      dstaddr: ends.from,
      'pkt-srcaddr': ends.farTo ?? ends.to,
      'pkt-dstaddr': ends.farFrom ?? ends.from,
    };
    records.push(
      record(eni, start, {
        ...there,
        ...volume(),
        srcport: client,
        dstport: String(ends.port),
        'tcp-flags': SYN,
        'flow-direction': outward ? 'egress' : 'ingress',
      }),
      record(eni, start, {
        ...back,
        ...volume(),
        srcport: String(ends.port),
        dstport: client,
        'tcp-flags': SYN_ACK,
        'flow-direction': outward ? 'ingress' : 'egress',
      }),
    );
  };
  /** One call from a task through the NAT gateway: AWS logs it on both interfaces, twice each. */
  const throughNat = (eni: string, start: number, peer: string, port: number): void => {
    conversation(eni, start, { from: addressOf(eni), to: peer, port });
    conversation(natInterface, start, { from: natAddress, to: peer, port });
    conversation(natInterface, start, { from: addressOf(eni), to: natAddress, port, farTo: peer });
  };

  const slots = Math.floor((span.end - span.start) / INTERVAL);
  const plantedAt = planted.map(() => random.below(slots));
  for (let slot = 0; slot < slots; slot += 1) {
    const start = span.start + slot * INTERVAL;
    const busy = new Set<string>();
    for (const eni of names.appInterfaces.slice(0, 2)) {
      throughNat(eni, start, random.pick(plan.providerAddresses), 443);
      busy.add(eni).add(natInterface);
    }
    for (const eni of balancers) {
      conversation(eni, start, { from: random.pick(plan.callers), to: addressOf(eni), port: 443 });
      conversation(eni, start, {
        from: addressOf(eni),
        to: addressOf(names.appInterfaces[0] ?? ''),
        port: 4000,
      });
      busy.add(eni);
    }
    planted.forEach(({ peer, port, initiator }, index) => {
      if (plantedAt[index] !== slot) return;
      if (initiator === 'inside') throughNat(names.appInterfaces[0] ?? '', start, peer, port);
      else conversation(balancers[0] ?? '', start, { from: peer, to: addressOf(balancers[0] ?? ''), port });
    });
    for (const eni of interfaces) {
      if (busy.has(eni)) continue;
      records.push(record(eni, start, { 'log-status': 'NODATA', action: '-', protocol: '-' }));
    }
  }
  return records;
}
