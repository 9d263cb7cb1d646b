import { gzipSync } from 'node:zlib';
import type { FlowRecord } from './flow-records.ts';
import type { Random } from './random.ts';

/** One log object as it lies in the bucket. */
export interface LogObject {
  readonly key: string;
  readonly bytes: Buffer;
}

const DEFAULT_FIELDS =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const CUSTOM_FIELDS =
  'version account-id interface-id vpc-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags type pkt-srcaddr pkt-dstaddr region flow-direction';

/** The default format knows neither flags nor packet addresses: its field list, and its version. */
const FORMATS = {
  default: { fields: DEFAULT_FIELDS, version: '2' },
  custom: { fields: CUSTOM_FIELDS, version: '5' },
} as const;

export type LogFormat = keyof typeof FORMATS;

/** Where the objects of one flow log lie. */
export interface LogSite {
  readonly account: string;
  readonly region: string;
  readonly flowLogId: string;
  readonly format: LogFormat;
}

/** Packs records into one object per `seconds` of log time, named and laid out as AWS does it. */
export function logObjects(
  records: readonly FlowRecord[],
  site: LogSite,
  seconds: number,
  random: Random,
): readonly LogObject[] {
  const { fields, version } = FORMATS[site.format];
  const names = fields.split(' ');
  const slots = new Map<number, string[]>();
  for (const record of records) {
    const slot = Math.floor(Number(record['end']) / seconds) * seconds;
    const line = names.map((name) => (name === 'version' ? version : (record[name] ?? '-'))).join(' ');
    slots.set(slot, [...(slots.get(slot) ?? []), line]);
  }
  return [...slots]
    .sort(([left], [right]) => left - right)
    .map(([slot, lines]) => ({
      key: objectKey(site, slot, random.hex(8)),
      bytes: deterministicGzip(`${fields}\n${lines.join('\n')}\n`),
    }));
}

function objectKey({ account, region, flowLogId }: LogSite, slot: number, hash: string): string {
  const time = new Date(slot * 1000).toISOString();
  const day = time.slice(0, 10).replaceAll('-', '/');
  const stamp = `${time.slice(0, 10).replaceAll('-', '')}T${time.slice(11, 13)}${time.slice(14, 16)}Z`;
  return `AWSLogs/${account}/vpcflowlogs/${region}/${day}/${account}_vpcflowlogs_${region}_${flowLogId}_${stamp}_${hash}.log.gz`;
}

/** Node writes no time into a gzip header; the operating-system byte is fixed so that machines agree. */
function deterministicGzip(text: string): Buffer {
  const bytes = gzipSync(Buffer.from(text, 'latin1'), { level: 9 });
  bytes[9] = 255;
  return bytes;
}
