import type { Conversation, IsOwnAddress } from '../../analysis/index.ts';
import {
  accountsWithoutInterfaces,
  conversations,
  flowLogNeeds,
  flowLogsFact,
  hourCoverage,
  interfaceNeeds,
  knownInterfaces,
  ownAddresses,
  ownNetworkNeeds,
} from '../../analysis/index.ts';
import type { Address, Reason, TimeWindow } from '../../core/index.ts';
import { formatAddress, parseAddress, parseInstant, toInstant, unreachable } from '../../core/index.ts';
import type { FlowAggregate, FlowRow } from '../../evidence/index.ts';
import type { Locator } from '../../geo/index.ts';
import type { Check, CheckContext, CheckWords, Observation } from '../check.ts';
import { regionReasons } from '../region-country.ts';
import type { CanaryResult, Witness } from '../result.ts';

/** What the policy does with each class of traffic to a foreign address. */
export interface FlowsEgressParameters {
  readonly initiated: 'fail' | 'disclose';
  readonly reply: 'fail' | 'disclose';
}

const WORDS: CheckWords = {
  claim: {
    en: 'No packet of this deployment reached a destination outside {countries} in the period, as far as its flow logs show',
    zh: '就流日志所示，本期间内本部署的数据包均未到达 {countries} 以外的目的地',
  },
  findings: {
    FLOW_INITIATED: {
      en: 'Data went to {peer} in {country}, opened from inside: {bytes} bytes',
      zh: '数据由内部发起，传至位于 {country} 的 {peer}，共 {bytes} 字节',
    },
    FLOW_REPLY: {
      en: 'Answers went to {peer} in {country}, which had called in: {bytes} bytes',
      zh: '向主动连入的 {peer}（位于 {country}）返回应答，共 {bytes} 字节',
    },
  },
  disclosures: {
    FLOW_INITIATED: {
      en: 'Opened from inside to {country}: {peers} {peers#address|addresses}, {bytes} bytes',
      zh: '由内部发起至 {country}：{peers} 个地址，共 {bytes} 字节',
    },
    FLOW_REPLY: {
      en: 'Answers to callers in {country}: {peers} {peers#address|addresses}, {bytes} bytes',
      zh: '对 {country} 来访者的应答：{peers} 个地址，共 {bytes} 字节',
    },
  },
  positive: {
    ALL_INSIDE: {
      en: 'Of the far addresses that were seen, {inside} are located in {countries} and {private} are private',
      zh: '观测到的对端地址中，{inside} 个位于 {countries}，{private} 个为私有地址',
    },
  },
  coverage: {
    OBJECTS: { en: 'Log objects of the period read', zh: '已读取的本期间日志对象' },
    PEERS: { en: 'Far addresses whose place is certain', zh: '位置确定的对端地址' },
  },
  limitations: {
    alwaysUnlogged: {
      en: 'Flow logs never show DNS queries to the VPC resolver, instance metadata, DHCP, mirrored traffic, nor what AWS services copy among themselves.',
      zh: '流日志不记录对 VPC 解析器的 DNS 查询、实例元数据、DHCP、流量镜像，以及 AWS 服务之间的复制。',
    },
    alwaysUnsigned: {
      en: 'Flow-log objects are not signed by AWS (LOG_UNSIGNED).',
      zh: 'AWS 不对流日志对象签名（LOG_UNSIGNED）。',
    },
    alwaysCoverage: {
      en: 'Whether the logs cover every interface and hour is the claim of flows.coverage, not of this control.',
      zh: '日志是否覆盖每个接口与每一小时由 flows.coverage 主张，不属于本项。',
    },
  },
};

/** A far address with everything that was exchanged with it. */
interface FarPlace {
  readonly peer: string;
  readonly kind: 'inside' | 'outside' | 'unsure' | 'private';
  readonly country: string;
  readonly conversations: readonly Conversation[];
}

export const flowsEgress: Check<FlowsEgressParameters> = {
  id: 'flows.egress',
  words: WORDS,
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      initiated: { enum: ['fail', 'disclose'], default: 'fail' },
      reply: { enum: ['fail', 'disclose'], default: 'fail' },
    },
  },
  flagsNothing: ({ initiated, reply }) =>
    initiated === 'disclose' && reply === 'disclose'
      ? 'both classes are only disclosed, so nothing could fail'
      : undefined,
  needs: (_parameters, deployment) => [
    ...flowLogNeeds(deployment),
    ...interfaceNeeds(deployment),
    ...ownNetworkNeeds(deployment),
  ],
  evaluate: (view, context) => {
    const logs = view.fact(flowLogsFact);
    const interfaces = knownInterfaces(view);
    const seen = conversations(recordsOf(logs.aggregate, context.window), interfaces);
    const places = placesOf(seen, context, ownAddresses(view, interfaces));
    const { findings, disclosed } = judge(places, context.parameters);
    const inside = places.filter(({ kind }) => kind === 'inside').length;
    const far = places.filter(({ kind }) => kind !== 'private');
    return {
      findings,
      disclosed,
      reasons: [
        ...regionReasons(context),
        ...accountsWithoutInterfaces(view),
        ...logs.reasons,
        ...darkHours(logs.aggregate, context.window),
        ...places.flatMap(unsureReason),
      ],
      coverage: [
        { what: 'OBJECTS', examined: logs.read, expected: logs.listed },
        { what: 'PEERS', examined: far.filter(({ kind }) => kind !== 'unsure').length, expected: far.length },
      ],
      positive: [
        {
          text: 'ALL_INSIDE',
          values: { inside, countries: context.countries.join(', '), private: places.length - far.length },
          witness: [{ label: 'log objects', value: String(logs.read) }],
        },
      ],
    };
  },
  canary: flowCanary,
};

/** Records of the period. A log object of the days before may be missing without anybody asking for it. */
function recordsOf(aggregate: FlowAggregate, window: TimeWindow): FlowAggregate {
  const start = parseInstant(window.start) / 1000;
  return { ...aggregate, rows: aggregate.rows.filter(({ last }) => last >= start) };
}

/** Hours of which there is no record at all: silence is no proof that nothing was sent. */
function darkHours(aggregate: FlowAggregate, window: TimeWindow): readonly Reason[] {
  return hourCoverage(aggregate, ['any'], window, 0)
    .filter(({ state }) => state === 'dark')
    .map(({ hour }) => ({
      code: 'LOG_GAP',
      scope: hour,
      detail: 'no interface has any record in this hour',
    }));
}

function placesOf(
  all: readonly Conversation[],
  { locator, countries }: CheckContext<FlowsEgressParameters>,
  isOwn: IsOwnAddress,
): readonly FarPlace[] {
  const byPeer = Map.groupBy(all, ({ peer }) => peer);
  return [...byPeer].map(([peer, own]) => ({
    peer,
    conversations: own,
    ...placeOf(peer, own, isOwn, locator, countries),
  }));
}

function placeOf(
  peer: string,
  own: readonly Conversation[],
  isOwn: IsOwnAddress,
  locator: Locator,
  countries: readonly string[],
): Pick<FarPlace, 'kind' | 'country'> {
  const address = parseAddress(peer);
  if (address === null) return { kind: 'unsure', country: '?' };
  const location = locator.locate(address);
  switch (location.kind) {
    case 'special': {
      const local = own.every((one) => isOwn(one.interface, address));
      return local ? { kind: 'private', country: '' } : { kind: 'unsure', country: '?' };
    }
    case 'located':
      return { kind: countries.includes(location.country) ? 'inside' : 'outside', country: location.country };
    case 'disputed':
    case 'unprovable':
      return { kind: 'unsure', country: '?' };
    default:
      return unreachable(location);
  }
}

function sentBy(place: FarPlace, opened: 'inside' | 'outside'): readonly Conversation[] {
  return place.conversations.filter(
    (one) => hasLeft(one) && (opened === 'outside') === (one.initiator === 'outside'),
  );
}

/** Only what left counts: a caller that got no byte back received no data. Whoever was answered has sent something. */
function hasLeft({ initiator, flowsOut }: Conversation): boolean {
  return flowsOut > 0 || initiator === 'inside';
}

function judge(
  places: readonly FarPlace[],
  parameters: FlowsEgressParameters,
): { readonly findings: readonly Observation[]; readonly disclosed: readonly Observation[] } {
  const foreign = places.filter(({ kind }) => kind === 'outside');
  const classes = [
    { opened: 'inside', name: 'FLOW_INITIATED', rule: parameters.initiated },
    { opened: 'outside', name: 'FLOW_REPLY', rule: parameters.reply },
  ] as const;
  const seen = classes.map(({ opened, name, rule }) => ({
    name,
    rule,
    places: foreign
      .map((place) => ({ ...place, conversations: sentBy(place, opened) }))
      .filter((place) => place.conversations.length > 0),
  }));
  return {
    findings: seen
      .filter(({ rule }) => rule === 'fail')
      .flatMap(({ name, places: own }) => own.map((place) => observation(name, place))),
    disclosed: seen
      .filter(({ rule }) => rule === 'disclose')
      .flatMap(({ name, places: own }) => byCountry(name, own)),
  };
}

function observation(name: string, place: FarPlace): Observation {
  return {
    class: name,
    resource: place.peer,
    values: { peer: place.peer, country: place.country, bytes: bytesOut(place) },
    witness: place.conversations.flatMap(conversationWitness).slice(0, 12),
  };
}

/** A public load balancer answers scanners from everywhere: told once a country, not once an address. */
function byCountry(name: string, places: readonly FarPlace[]): readonly Observation[] {
  return [...Map.groupBy(places, ({ country }) => country)].map(([country, own]) => ({
    class: name,
    resource: country,
    values: { country, peers: own.length, bytes: own.reduce((sum, place) => sum + bytesOut(place), 0) },
    witness: own.slice(0, 5).map(({ peer }) => ({ label: 'address', value: peer })),
  }));
}

/** What a NAT gateway sent, an interface behind it sent before: the larger of both, never the sum (VPC user guide, NAT records). */
function bytesOut(place: FarPlace): number {
  const total = (translated: boolean): number =>
    place.conversations
      .filter((one) => one.translated === translated)
      .reduce((sum, one) => sum + one.bytesOut, 0);
  return Math.max(total(true), total(false));
}

function conversationWitness(one: Conversation): Witness {
  const span = `${toInstant(one.first * 1000)} – ${toInstant(one.last * 1000)}`;
  const value = `port ${one.peerPort ?? '-'}, protocol ${one.protocol ?? '-'}, ${one.bytesOut} bytes out, opened by: ${one.initiator}, ${span}`;
  return [{ label: one.interface, value }];
}

/** An address whose place is not certain and that data went to could be anywhere. */
function unsureReason(place: FarPlace): readonly Reason[] {
  if (place.kind !== 'unsure' || !place.conversations.some(hasLeft)) return [];
  return [{ code: 'LOCATION_DISPUTED', scope: place.peer, detail: `${bytesOut(place)} bytes went there` }];
}

/** Feeds a conversation with a foreign address, in both classes, through the same code. */
function flowCanary(context: CheckContext<FlowsEgressParameters>): readonly CanaryResult[] {
  const foreign = foreignAddress(context);
  if (foreign === undefined) return [{ id: 'foreign-address', caught: false }];
  const results = (['syn', 'syn-ack'] as const).map((tcp) => {
    const aggregate: FlowAggregate = {
      schemaVersion: 1,
      rows: [canaryRow(formatAddress(foreign), tcp)],
      interfaces: [],
      objects: [],
    };
    const { findings, disclosed } = judge(
      placesOf(conversations(aggregate, []), context, () => false),
      context.parameters,
    );
    return {
      id: `${tcp === 'syn' ? 'initiated' : 'reply'}-flow-abroad`,
      caught: findings.length + disclosed.length > 0,
    };
  });
  return results;
}

/** Addresses of AWS regions in several countries: at least one lies outside any policy that allows a handful. */
const CANARY_ADDRESSES: readonly string[] = ['52.80.0.1', '18.180.0.1', '3.120.0.1', '18.136.0.1'];

function foreignAddress({ locator, countries }: CheckContext<FlowsEgressParameters>): Address | undefined {
  return CANARY_ADDRESSES.map(parseAddress)
    .filter((address) => address !== null)
    .find((address) => {
      const location = locator.locate(address);
      return location.kind === 'located' && !countries.includes(location.country);
    });
}

function canaryRow(peer: string, tcp: 'syn' | 'syn-ack'): FlowRow {
  return {
    account: '000000000000',
    interface: 'eni-00000000000000000',
    source: '10.0.0.1',
    destination: peer,
    packetSource: null,
    packetDestination: null,
    protocol: 6,
    sourcePort: 'ephemeral',
    destinationPort: 443,
    action: 'ACCEPT',
    tcp,
    direction: 'egress',
    flows: 1,
    packets: 1,
    bytes: 60,
    withoutBytes: 0,
    first: 0,
    last: 60,
  };
}
