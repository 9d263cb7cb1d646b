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
  CAN_LEAVE_FUNCTION: 'initiated',
  CAN_LEAVE_RESOLVER: 'resolver',
  CAN_LEAVE_FORWARDED: 'resolver',
};

/** What leads to anywhere. */
const ANYWHERE: ReadonlySet<string> = new Set(['CAN_LEAVE_FUNCTION', 'CAN_LEAVE_RESOLVER']);

/**
 * Lines of a witness that are no gateway; tables, ACLs and subnets stand in the table of each finding. A list of what
 * is drawn would leave out the next kind of exit.
 */
const NOT_DRAWN: ReadonlySet<string> = new Set([
  'packet',
  'place',
  'interfaces',
  'instance',
  'interface',
  'security-group',
  'subnet',
  'network-acl',
  'route-table',
  'vpc',
  'transit-gateway-attachment',
  'transit-gateway-route-table',
  'internet',
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
      .filter(({ label }) => !NOT_DRAWN.has(label))
      .map(({ value }) => value.replace(/: .*$/s, ''));
    return [
      {
        traffic,
        judged,
        by: one.resource.replace(/ → .*$/s, ''),
        interfaces: said('interfaces'),
        through: traffic === 'resolver' ? ['VPC DNS'] : [...new Set(gateways)],
        place: ANYWHERE.has(one.class) ? null : said('place') || '?',
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

/** More lines than this nobody can follow: equal ones are drawn as one. */
const MOST_DRAWN = 30;

const MOST_NAMED = 3;

const EDGE: Readonly<Record<WayOut['traffic'], string>> = {
  initiated: 'solid',
  reply: 'dashed',
  resolver: 'dotted',
};

/** One line of a drawing: ways that are alike as far as the drawing goes. */
interface Drawn extends Pick<WayOut, 'traffic' | 'judged' | 'place'> {
  readonly start: string;
  readonly startLabel: string;
  readonly through: readonly string[];
}

/** From the finest to the coarsest: each way, those with equal gateways, those with an equal exit, those of a place. */
const GROUPINGS: readonly ((way: WayOut) => string)[] = [
  ({ by, through }) => `${by} ${through.join(' ')}`,
  ({ through }) => through.join(' '),
  ({ through }) => through.at(-1) ?? '',
  () => '',
];

/** The ways as the finest grouping draws them that a person can still read; the table beside it tells each. */
function drawnWays(ways: readonly WayOut[], words: GraphWords): readonly Drawn[] {
  const grouped = GROUPINGS.map((key) =>
    Map.groupBy(ways, (way) => `${way.traffic} ${String(way.judged)} ${way.place} ${key(way)}`),
  );
  const readable = grouped.find(({ size }) => size <= MOST_DRAWN) ?? grouped.at(-1);
  return [...(readable ?? [])].flatMap(([key, alike]) => drawnAs(key, alike, words)).slice(0, MOST_DRAWN);
}

function drawnAs(key: string, alike: readonly WayOut[], words: GraphWords): readonly Drawn[] {
  const [first] = alike;
  if (first === undefined) return [];
  const { traffic, judged, place } = first;
  const senders = [...new Set(alike.map(({ by }) => by))];
  const throughs = new Map(alike.map(({ through }) => [through.join(' '), through]));
  const exits = [...new Set(alike.map(({ through }) => through.at(-1) ?? ''))];
  const through = throughs.size === 1 ? first.through : [listed(exits)];
  const count =
    alike.length === 1 && first.interfaces !== '' ? `\n${first.interfaces} ${words.interfaces}` : '';
  const start = senders.length === 1 ? `by ${senders[0]}` : `by ${key}`;
  return [{ traffic, judged, place, start, startLabel: `${listed(senders)}${count}`, through }];
}

/** The first names, one below the other, and how many more there are: ids are long. */
function listed(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? [`+ ${names.length - MOST_NAMED}`] : [];
  return [...names.slice(0, MOST_NAMED), ...more].join('\n');
}

/** The ways out as a graph from left to right: who, through which gateways, to where. Equal parts are one node. */
export function graphOf(ways: readonly WayOut[], words: GraphWords): string {
  const nodes = new Map<string, string>();
  const edges = new Set<string>();
  for (const { traffic, judged, start, startLabel, through, place } of drawnWays(ways, words)) {
    nodes.set(start, `label=${quoted(startLabel)} shape=box`);
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
    'rankdir=LR; bgcolor="transparent"; node [fontname="Arial" fontsize=11 margin="0.22,0.08"]; edge [fontname="Arial" fontsize=10]',
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
