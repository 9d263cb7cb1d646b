import { readFile, writeFile } from 'node:fs/promises';
import {
  byCodeUnit,
  formatPrefix,
  parsePrefix,
  setOfPrefixes,
  sha256Hex,
  toPrefixes,
} from '../src/core/index.ts';

/**
 * Services whose addresses answer from the nearest edge, wherever that is: no country can be proven for them,
 * also where AWS lists a region.
 */
const EDGE_SERVICES: ReadonlySet<string> = new Set(['CLOUDFRONT', 'GLOBALACCELERATOR', 'ROUTE53']);

interface PublishedRanges {
  readonly syncToken: string;
  readonly createDate: string;
  readonly prefixes: readonly PublishedPrefix[];
  readonly ipv6_prefixes: readonly PublishedPrefix[];
}

interface PublishedPrefix {
  readonly ip_prefix?: string;
  readonly ipv6_prefix?: string;
  readonly region: string;
  readonly service: string;
  /** The region, or one of its Local Zones, which may lie in another country than the region. */
  readonly network_border_group: string;
}

/** AWS's published `ip-ranges.json` as the project's own, smaller form: collapsed prefixes by region, and the edge. */
export function importAwsRanges(text: string): string {
  const published = JSON.parse(text) as PublishedRanges;
  const groups = new Map<string, string[]>();
  for (const entry of [...published.prefixes, ...published.ipv6_prefixes]) {
    const group = groupOf(entry);
    groups.set(group, [...(groups.get(group) ?? []), entry.ip_prefix ?? entry.ipv6_prefix ?? '']);
  }
  const collapsed = [...groups]
    .sort(([left], [right]) => byCodeUnit(left, right))
    .map(([group, prefixes]) => [group, collapse(prefixes)] as const);
  const { edge = [], localZones = [], ...regions } = Object.fromEntries(collapsed);
  const head = {
    id: 'aws-ranges',
    title: 'AWS IP address ranges, as published by AWS',
    edition: published.createDate,
    syncToken: published.syncToken,
    sourceSha256: sha256Hex(text),
    licence: 'facts',
  };
  const lines = Object.entries(regions).map(
    ([region, prefixes]) => `  ${JSON.stringify(region)}: ${JSON.stringify(prefixes)}`,
  );
  return `{\n${Object.entries(head)
    .map(([name, value]) => `"${name}": ${JSON.stringify(value)}`)
    .join(
      ',\n',
    )},\n"edge": ${JSON.stringify(edge)},\n"localZones": ${JSON.stringify(localZones)},\n"regions": {\n${lines.join(',\n')}\n}\n}\n`;
}

function groupOf({ region, service, network_border_group }: PublishedPrefix): string {
  if (region === 'GLOBAL' || EDGE_SERVICES.has(service)) return 'edge';
  return network_border_group === region ? region : 'localZones';
}

function collapse(prefixes: readonly string[]): readonly string[] {
  const parsed = prefixes.map((text) => {
    const prefix = parsePrefix(text);
    if (prefix === null) throw new Error(`expected a prefix, found ${JSON.stringify(text)}`);
    return prefix;
  });
  return toPrefixes(setOfPrefixes(parsed)).map(formatPrefix);
}

const [source, target] = process.argv.slice(2);
if (import.meta.filename === process.argv[1]) {
  if (source === undefined || target === undefined) {
    console.error('usage: node scripts/import-aws-ranges.ts ip-ranges.json data/addresses/aws-ranges.json');
    process.exit(64);
  }
  await writeFile(target, importAwsRanges(await readFile(source, 'utf8')));
}
