import { block, textOf } from './address.ts';
import type { Document, NetworkAcl, Route, RouteTable } from './documents.ts';
import { ROUTE_TARGETS } from './documents.ts';
import type { Random } from './generate/random.ts';

/** The entries of one call changed, everything else as it was. */
function changed(
  documents: readonly Document[],
  call: string,
  change: (entries: readonly unknown[]) => readonly unknown[],
): readonly Document[] {
  return documents.map((document) =>
    document.call === `ec2:${call}` ? { ...document, answer: eachList(document.answer, change) } : document,
  );
}

function eachList(
  answer: Document['answer'],
  change: (entries: readonly unknown[]) => readonly unknown[],
): Document['answer'] {
  return Object.fromEntries(
    Object.entries(answer).map(([member, value]) => [member, Array.isArray(value) ? change(value) : value]),
  );
}

/** One deny of one network ACL taken out; AWS's own last ones stay. `undefined` where there is none. */
export function withoutADeny(
  documents: readonly Document[],
  random: Random,
): readonly Document[] | undefined {
  const acls = entriesOf(documents, 'DescribeNetworkAcls') as readonly NetworkAcl[];
  const denies = acls.flatMap(({ Entries }) =>
    Entries.filter(({ RuleAction, RuleNumber }) => RuleAction === 'deny' && RuleNumber < 32_767),
  );
  const victim = random.any(denies);
  if (victim === undefined) return undefined;
  return changed(documents, 'DescribeNetworkAcls', (entries) =>
    (entries as readonly NetworkAcl[]).map((acl) => ({
      ...acl,
      Entries: acl.Entries.filter((entry) => entry !== victim),
    })),
  );
}

/** One route that leads to a target of tomorrow: of which an SDK of today tells nothing at all. */
export function withUnknownTarget(
  documents: readonly Document[],
  random: Random,
): readonly Document[] | undefined {
  const tables = entriesOf(documents, 'DescribeRouteTables') as readonly RouteTable[];
  const victim = random.any(
    tables.flatMap(({ Routes }) => Routes.filter(({ GatewayId }) => GatewayId !== 'local')),
  );
  if (victim === undefined) return undefined;
  const strange = Object.fromEntries(
    Object.entries({ ...victim, State: 'active' }).filter(
      ([member]) => !(ROUTE_TARGETS as readonly string[]).includes(member),
    ),
  ) as Route;
  return changed(documents, 'DescribeRouteTables', (entries) =>
    (entries as readonly RouteTable[]).map((table) => ({
      ...table,
      Routes: table.Routes.map((route) => (route === victim ? strange : route)),
    })),
  );
}

const LISTINGS = [
  'DescribeVpcs',
  'DescribeSubnets',
  'DescribeSecurityGroups',
  'DescribeNetworkAcls',
  'DescribeInternetGateways',
  'DescribeEgressOnlyInternetGateways',
  'DescribeNatGateways',
  'DescribeVpcEndpoints',
  'DescribeVpnGateways',
  'DescribeVpcPeeringConnections',
  'DescribeManagedPrefixLists',
  'DescribeTransitGateways',
  'DescribeTransitGatewayAttachments',
  'DescribeTransitGatewayVpcAttachments',
  'DescribeTransitGatewayPeeringAttachments',
  'DescribeTransitGatewayRouteTables',
] as const;

/** Answers that are each about one object: the whole answer goes. */
const ANSWERS = ['GetManagedPrefixListEntries', 'SearchTransitGatewayRoutes'];

/**
 * One object that others name, or the answer about one, taken away: its name is left behind, and that must be
 * noticed; so must a network ACL, without which there is no subnet. What nothing names, such as an interface or a table that is not the main one, may have been there or
 * not: only the completeness of its listing can tell.
 */
export function withoutAnObject(
  documents: readonly Document[],
  random: Random,
): { readonly what: string; readonly documents: readonly Document[] } | undefined {
  const text = JSON.stringify(documents);
  const candidates = [
    ...LISTINGS.flatMap((call) =>
      entriesOf(documents, call)
        .filter((entry) => call === 'DescribeNetworkAcls' || isNamed(entry, text))
        .map((entry) => ({
          what: `${call} ${JSON.stringify(entry).slice(0, 80)}`,
          documents: () => changed(documents, call, (entries) => entries.filter((one) => one !== entry)),
        })),
    ),
    ...documents
      .filter(({ call }) => ANSWERS.includes(call.replace('ec2:', '')))
      .map((document) => ({
        what: `${document.call} ${JSON.stringify(document.parameters)}`,
        documents: () => documents.filter((one) => one !== document),
      })),
  ];
  const victim = random.any(candidates);
  return victim === undefined ? undefined : { what: victim.what, documents: victim.documents() };
}

/** Whether the id of an entry stands anywhere but in the entry. */
function isNamed(entry: unknown, text: string): boolean {
  const own = JSON.stringify(entry);
  const [id = ''] = /[a-z-]+-[0-9a-f]{17}/.exec(own) ?? [];
  return occurrences(text, id) > occurrences(own, id);
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

function entriesOf(documents: readonly Document[], call: string): readonly unknown[] {
  return documents
    .filter((document) => document.call === `ec2:${call}`)
    .flatMap(({ answer }) => Object.values(answer).filter((value) => Array.isArray(value)))
    .flat() as readonly unknown[];
}

/** Every id renamed by the same rule, wherever it stands. */
export function renamed(documents: readonly Document[], rename: (id: string) => string): readonly Document[] {
  const text = JSON.stringify(documents).replaceAll(/\b[a-z-]+-[0-9a-f]{17}\b/g, rename);
  return JSON.parse(text) as readonly Document[];
}

/** Every list of every answer in another order; the order of none of them means anything (EC2 API). */
export function shuffled(documents: readonly Document[], random: Random): readonly Document[] {
  return documents.map((document) => ({
    ...document,
    answer: mapped(document.answer, (value) =>
      Array.isArray(value) ? inAnyOrder(value, random) : value,
    ) as Document['answer'],
  }));
}

function inAnyOrder(list: readonly unknown[], random: Random): readonly unknown[] {
  return list
    .map((entry) => ({ entry, at: random.below(1_000_000) }))
    .sort((left, right) => left.at - right.at)
    .map(({ entry }) => entry);
}

/** Every block that a rule of a security group names, as its two halves. */
export function withHalves(documents: readonly Document[]): readonly Document[] {
  const halved = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.flatMap((entry: unknown) => halvesOf(entry as Readonly<Record<string, unknown>>))
      : value;
  return documents.map((document) =>
    document.call === 'ec2:DescribeSecurityGroups'
      ? { ...document, answer: mapped(document.answer, halved) as Document['answer'] }
      : document,
  );
}

function halvesOf(entry: Readonly<Record<string, unknown>>): readonly unknown[] {
  const member = ['CidrIp', 'CidrIpv6'].find((name) => typeof entry[name] === 'string');
  if (member === undefined) return [entry];
  const { family, value, length } = block(String(entry[member]));
  const half = 1n << BigInt((family === 4 ? 31 : 127) - length);
  return [value, value + half].map((first) => ({
    ...entry,
    [member]: `${textOf({ family, value: first })}/${length + 1}`,
  }));
}

/** Every value inside out: what is in it first, then itself. */
function mapped(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return change(value.map((entry) => mapped(entry, change)));
  if (value === null || typeof value !== 'object') return change(value);
  return change(
    Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapped(inner, change)])),
  );
}

/** One object listed a second time, the same or with one of its texts changed. */
export function withATwin(
  documents: readonly Document[],
  random: Random,
  same: boolean,
): readonly Document[] | undefined {
  const call = random.pick([
    'DescribeVpcs',
    'DescribeSubnets',
    'DescribeRouteTables',
    'DescribeSecurityGroups',
  ]);
  const victim = random.any(entriesOf(documents, call)) as Readonly<Record<string, unknown>> | undefined;
  if (victim === undefined) return undefined;
  const twin = same ? victim : { ...victim, Description: 'another one' };
  return changed(documents, call, (entries) => (entries.includes(victim) ? [...entries, twin] : entries));
}

/** Where a value stands in an answer. */
type Path = readonly (string | number)[];

/** What may stand in the place of a value; null means that there is none, which may well be. */
const WRONG: readonly unknown[] = [7.5, { deeper: [1] }, ['x'], true, 'x\u0000\u202e/'];

/** One value anywhere, below the list of its answer, replaced by one of another type or by a text that means nothing. */
export function withAWrongValue(
  documents: readonly Document[],
  random: Random,
): { readonly what: string; readonly documents: readonly Document[] } | undefined {
  const victim = random.any(documents.filter(({ answer }) => placesIn(answer, []).length > 0));
  const place = victim && random.any(placesIn(victim.answer, []));
  if (victim === undefined || place === undefined) return undefined;
  const wrong = random.any(WRONG);
  return {
    what: `${victim.call} ${place.join('.')}: ${JSON.stringify(wrong)}`,
    documents: documents.map((one) =>
      one === victim ? { ...one, answer: replaced(one.answer, place, wrong) as Document['answer'] } : one,
    ),
  };
}

function placesIn(value: unknown, path: Path): readonly Path[] {
  if (value === null || typeof value !== 'object') return [path];
  const below = Object.entries(value).flatMap(([name, inner]) =>
    placesIn(inner, [...path, Array.isArray(value) ? Number(name) : name]),
  );
  return path.length > 2 ? [path, ...below] : below;
}

function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by;
  const inner = (value as Readonly<Record<string | number, unknown>>)[first];
  const next = replaced(inner, rest, by);
  return Array.isArray(value)
    ? value.map((entry, index) => (index === first ? next : (entry as unknown)))
    : { ...(value as object), [first]: next };
}
