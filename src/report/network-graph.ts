import { byCodeUnit } from '../core/index.ts';
import type { ControlResult } from '../policy/index.ts';

/** Lays out a graph (Graphviz's language in, SVG out). An argument, so that this folder stays pure. */
export type DrawGraph = (dot: string) => string;

/** One way out, as a finding or disclosure tells it. */
export interface WayOut {
  /** `initiated`, `reply` or `resolver`, from the class. */
  readonly traffic: 'initiated' | 'reply' | 'resolver';
  readonly judged: boolean;
  /** The group, or the interface without one, that lets it through; the VPC of a resolver. */
  readonly by: string;
  readonly interfaces: string;
  /** Gateways on the way, in order; the last one is the exit. */
  readonly through: readonly string[];
  /** `null`: anywhere. */
  readonly place: string | null;
}

/** The words of a drawing, in the language of its page. */
export interface GraphWords {
  readonly traffic: Readonly<Record<WayOut['traffic'], string>>;
  readonly anywhere: string;
  readonly interfaces: string;
}

const TRAFFIC: Readonly<Record<string, WayOut['traffic']>> = {
  CAN_LEAVE_INITIATED: 'initiated',
  CAN_LEAVE_REPLY: 'reply',
  CAN_LEAVE_RESOLVER: 'resolver',
};

/** Hops that a person looks for in a picture; tables, ACLs and subnets stand in the table of each finding. */
const DRAWN: ReadonlySet<string> = new Set([
  'nat-gateway',
  'peering',
  'transit-gateway',
  'internet-gateway',
  'egress-only-gateway',
  'vpn-gateway',
  'vpn',
  'connect',
  'client-vpn',
  'direct-connect-gateway',
  'carrier-gateway',
  'local-gateway',
  'endpoint',
]);

/** The ways out that a control found or disclosed, findings first, in a stable order. */
export function waysOut({
  findings,
  disclosed,
}: Pick<ControlResult, 'findings' | 'disclosed'>): readonly WayOut[] {
  const ways = [
    ...findings.map((one) => ({ one, judged: true })),
    ...disclosed.map((one) => ({ one, judged: false })),
  ].flatMap(({ one, judged }): readonly WayOut[] => {
    const traffic = TRAFFIC[one.class];
    if (traffic === undefined) return [];
    const said = (label: string): string => one.witness.find((line) => line.label === label)?.value ?? '';
    const gateways = one.witness
      .filter(({ label }) => DRAWN.has(label))
      .map(({ value }) => value.replace(/: .*$/s, ''));
    return [
      {
        traffic,
        judged,
        by: one.resource.replace(/ → .*$/s, ''),
        interfaces: said('interfaces'),
        through: traffic === 'resolver' ? ['VPC DNS'] : [...new Set(gateways)],
        place: traffic === 'resolver' ? null : said('place') || '?',
      },
    ];
  });
  return ways.sort(
    (left, right) =>
      Number(right.judged) - Number(left.judged) ||
      byCodeUnit(left.by, right.by) ||
      byCodeUnit(left.through.join(' '), right.through.join(' ')),
  );
}

/** More ways than this are told in the table alone: a picture of all of them would show none. */
const MOST_DRAWN = 40;

const EDGE: Readonly<Record<WayOut['traffic'], string>> = {
  initiated: 'solid',
  reply: 'dashed',
  resolver: 'dotted',
};

/** The ways out as a graph from left to right: who, through which gateways, to where. Equal parts are one node. */
export function graphOf(ways: readonly WayOut[], words: GraphWords): string {
  const nodes = new Map<string, string>();
  const edges = new Set<string>();
  for (const { traffic, judged, by, interfaces, through, place } of ways.slice(0, MOST_DRAWN)) {
    const start = `by ${by}`;
    nodes.set(
      start,
      `label=${quoted(interfaces === '' ? by : `${by}\n${interfaces} ${words.interfaces}`)} shape=box`,
    );
    const arrival = place ?? words.anywhere;
    const end = `at ${arrival}`;
    nodes.set(end, `label=${quoted(arrival)} shape=ellipse`);
    for (const gateway of through) nodes.set(`via ${gateway}`, `label=${quoted(gateway)} shape=hexagon`);
    const path = [start, ...through.map((gateway) => `via ${gateway}`), end];
    const look = `style=${EDGE[traffic]} color="${judged ? '#8f1414' : '#4d545c'}" penwidth=${judged ? 2 : 1}`;
    for (const [index, from] of path.slice(0, -1).entries()) {
      edges.add(
        `${quoted(from)} -> ${quoted(path[index + 1] ?? '')} [${look} label=${quoted(index === 0 ? words.traffic[traffic] : '')}]`,
      );
    }
  }
  const lines = [...nodes].map(([id, attributes]) => `${quoted(id)} [${attributes}]`);
  return [
    'digraph ways {',
    'rankdir=LR; bgcolor="transparent"; node [fontname="Arial" fontsize=11]; edge [fontname="Arial" fontsize=10]',
    ...lines,
    ...edges,
    '}',
  ].join('\n');
}

/** A quoted text of Graphviz's language. What ids are not made of is written as `?`: the input is audited. */
function quoted(text: string): string {
  const safe = text.replaceAll(/[^A-Za-z0-9\p{Script=Han} .,:;/_()[\]+→?\n-]/gu, '?');
  return `"${safe.replaceAll('\n', '\\n')}"`;
}
