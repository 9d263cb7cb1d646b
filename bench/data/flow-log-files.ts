import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Random } from '../../sim/random.ts';
import { createRandom } from '../../sim/random.ts';

/** What a folder of generated log objects is made of. */
export interface FlowLogData {
  readonly format: 'v2' | 'v5';
  readonly files: number;
  readonly recordsPerFile: number;
}

const FIELDS: Readonly<Record<FlowLogData['format'], string>> = {
  v2: 'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  // All fields of versions 2 to 5, in the order of the VPC user guide.
  v5:
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status ' +
    'vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id ' +
    'pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path',
};

const ACCOUNT = '210987654321';
/** Eight of the interfaces face the internet: balancers and NAT gateways. */
const INTERFACES = 64;
const PUBLIC_INTERFACES = 8;
const NEIGHBOURS = 800;
const NEIGHBOURS_EACH = 120;
const CALLERS = 3_000;
const INTERVAL = 300;
const FIRST_SECOND = 1_790_000_000;

/**
 * Writes log objects as a busy gateway makes them, once: the folder's name says what is in it. Peers follow a
 * power law; a twentieth of what public interfaces see is scanners' rejected SYNs to low ports, each a row of its own.
 */
export function flowLogFiles(cache: string, data: FlowLogData): string {
  const folder = join(cache, `flow-log-files-${data.format}-${data.files}x${data.recordsPerFile}`);
  if (existsSync(folder)) return folder;
  const building = `${folder}.building`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  const random = createRandom(20_261_124);
  const world = createWorld(random);
  for (let file = 0; file < data.files; file += 1) {
    const start = FIRST_SECOND + file * INTERVAL;
    const lines = [FIELDS[data.format]];
    for (let record = 0; record < data.recordsPerFile; record += 1)
      lines.push(recordLine(world, random, data.format, start));
    const name = `${ACCOUNT}_vpcflowlogs_cn-north-1_fl-0123456789abcdef0_${stamp(start)}_${random.hex(8)}.log.gz`;
    writeFileSync(join(building, name), gzipSync(Buffer.from(`${lines.join('\n')}\n`, 'latin1')));
  }
  renameSync(building, folder);
  return folder;
}

interface World {
  readonly interfaces: readonly {
    readonly id: string;
    readonly address: string;
    readonly isPublic: boolean;
  }[];
  /** The VPC's own addresses and AWS services: what every interface talks to. */
  readonly neighbours: readonly string[];
  /** The internet: mostly the own country, a fifth foreign, a fifth IPv6. */
  readonly callers: readonly string[];
}

function createWorld(random: Random): World {
  const octets = (count: number): string => Array.from({ length: count }, () => random.below(256)).join('.');
  return {
    interfaces: Array.from({ length: INTERFACES }, (_, index) => ({
      id: `eni-0${random.hex(16)}`,
      address: `10.20.${random.below(16)}.${random.below(256)}`,
      isPublic: index < PUBLIC_INTERFACES,
    })),
    neighbours: Array.from({ length: NEIGHBOURS }, (_, index) =>
      index % 6 === 0 ? `54.222.${octets(2)}` : `10.20.${octets(2)}`,
    ),
    callers: Array.from({ length: CALLERS }, () => {
      const share = random.below(10);
      if (share < 6) return `${random.pick([36, 111, 120, 183, 218])}.${octets(3)}`;
      if (share < 8) return `${random.pick([8, 45, 104, 172])}.${octets(3)}`;
      return `2408:4001:${random.hex(4)}::${random.hex(4)}:${random.hex(4)}`;
    }),
  };
}

/** One record before it is written down. */
interface Sighting {
  readonly own: World['interfaces'][number];
  readonly peer: string;
  readonly outward: boolean;
  readonly clientSends: boolean;
  readonly service: number;
  readonly rejected: boolean;
}

function recordLine(world: World, random: Random, format: FlowLogData['format'], start: number): string {
  const seen = sighting(world, random);
  const from = start + random.below(240);
  const head = `${format === 'v2' ? 2 : 5} ${ACCOUNT} ${seen.own.id}`;
  if (random.below(500) === 0) return noRecords(head, from, format);
  const [source, destination] = seen.outward ? [seen.own.address, seen.peer] : [seen.peer, seen.own.address];
  const client = 32_768 + random.below(28_000);
  const ports = seen.clientSends ? `${client} ${seen.service}` : `${seen.service} ${client}`;
  const packets = 1 + random.below(random.below(10) === 0 ? 5000 : 60);
  const volume = `${packets} ${packets * (52 + random.below(1400))}`;
  const times = `${from} ${from + 20 + random.below(40)}`;
  const line = `${head} ${source} ${destination} ${ports} ${protocolOf(seen)} ${volume} ${times} ${seen.rejected ? 'REJECT' : 'ACCEPT'} OK`;
  return format === 'v2' ? line : `${line} ${laterFields(seen, `${source} ${destination}`, random)}`;
}

function sighting(world: World, random: Random): Sighting {
  // A quarter of the records are of the few public interfaces.
  const index = random.below(random.below(4) === 0 ? PUBLIC_INTERFACES : INTERFACES);
  const own = world.interfaces[index];
  if (own === undefined) throw new Error('expected an interface');
  const far = own.isPublic && random.below(10) < 8;
  const peers = far ? world.callers : world.neighbours;
  // The fifth power of an even number is near zero most of the time: few peers have most of the records.
  const popular = Math.floor((random.below(65_536) / 65_536) ** 5 * (far ? CALLERS : NEIGHBOURS_EACH));
  const scanner = far && random.below(20) === 0;
  const service = far ? 443 : ([443, 5432, 6379, 4000, 53][popular % 5] ?? 443);
  return {
    own,
    peer: peers[(popular + (far ? 0 : index * 31)) % peers.length] ?? '',
    outward: !scanner && random.below(2) === 0,
    clientSends: random.below(2) === 0 || scanner,
    service: scanner ? 1 + random.below(9000) : service,
    rejected: scanner || random.below(200) === 0,
  };
}

function protocolOf({ service }: Sighting): number {
  return service === 53 ? 17 : 6;
}

/** The fields of versions 3 to 5. */
function laterFields(seen: Sighting, addresses: string, random: Random): string {
  const flags = protocolOf(seen) === 17 ? 0 : random.pick(seen.clientSends ? [2, 3] : [18, 19]);
  const id = seen.own.id.slice(5);
  const service = seen.peer.startsWith('54.') ? 'EC2' : '-';
  return [
    `vpc-0a1b2c3d4e5f60718 subnet-0${id} i-0${id} ${flags} ${seen.peer.includes(':') ? 'IPv6' : 'IPv4'} ${addresses}`,
    `cn-north-1 cnn1-az${1 + (seen.own.id.charCodeAt(6) % 3)} - -`,
    seen.outward ? `- ${service} egress 8` : `${service} - ingress -`,
  ].join(' ');
}

function noRecords(head: string, from: number, format: FlowLogData['format']): string {
  const status = from % 7 === 0 ? 'SKIPDATA' : 'NODATA';
  const line = `${head} - - - - - - - ${from} ${from + 59} - ${status}`;
  return format === 'v2' ? line : `${line}${' -'.repeat(15)}`;
}

function stamp(seconds: number): string {
  return new Date(seconds * 1000)
    .toISOString()
    .replaceAll(/[-:]/g, '')
    .replace(/\d\d\.\d{3}/, '');
}
