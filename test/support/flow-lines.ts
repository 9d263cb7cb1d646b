import { gzipSync } from 'node:zlib';
import type { LogObject } from '../../sim/flow-objects.ts';
import { SAMPLE_WINDOW } from '../../sim/samples.ts';
import { CLEAN } from './check-case.ts';

/** The first second of the samples' window, and its hours. */
export const START = Date.parse(SAMPLE_WINDOW.start) / 1000;
const HOURS = 24;
const HOUR = 3600;

const FIELDS =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags pkt-srcaddr pkt-dstaddr flow-direction';

/** The interfaces of the clean account, with their private addresses. */
export const INTERFACES = CLEAN.stack.networkInterfaces.map((one) => ({
  id: String(one['NetworkInterfaceId']),
  address: String(one['PrivateIpAddress']),
  nat: one['InterfaceType'] === 'nat_gateway',
}));
const TASK = INTERFACES[0] ?? { id: '', address: '' };

/** What a line says besides a call from the first task to the given address. */
export type Line = Partial<Record<string, string | number>>;

/** A flow-log line: by default an accepted packet from the first task to port 443 of `dstaddr`, opened by it. */
export function flowLine(change: Line): string {
  const record: Line = {
    version: 5,
    'account-id': CLEAN.stack.account,
    'interface-id': TASK.id,
    srcaddr: TASK.address,
    srcport: 40_000,
    dstport: 443,
    protocol: 6,
    packets: 3,
    bytes: 180,
    start: START + 60,
    end: START + 120,
    action: 'ACCEPT',
    'log-status': 'OK',
    'tcp-flags': 2,
    'flow-direction': 'egress',
    ...change,
  };
  const complete: Line = { 'pkt-srcaddr': record['srcaddr'], 'pkt-dstaddr': record['dstaddr'], ...record };
  return FIELDS.split(' ')
    .map((name) => complete[name] ?? '-')
    .join(' ');
}

/** A log object, named as AWS names those that were written at a second of the window. */
export function logObject(lines: readonly string[], at: number = START, fields: string = FIELDS): LogObject {
  const time = new Date(at * 1000).toISOString();
  const stamp = `${time.slice(0, 10).replaceAll('-', '')}T${time.slice(11, 13)}${time.slice(14, 16)}Z`;
  const day = time.slice(0, 10).replaceAll('-', '/');
  const { account, region } = CLEAN.stack;
  const hash = Buffer.from(`${at} ${lines.join('')}`)
    .toString('hex')
    .slice(-12);
  return {
    key: `AWSLogs/${account}/vpcflowlogs/${region}/${day}/${account}_vpcflowlogs_${region}_fl-0a1b2c3d4e5f6a7b8_${stamp}_${hash}.log.gz`,
    bytes: gzipSync(`${fields === '' ? '' : `${fields}\n`}${lines.join('\n')}\n`),
  };
}

/** One NODATA record for every interface over every hour but those that `silent` names. */
export function quietDay(silent: (id: string, hour: number) => boolean = () => false): readonly LogObject[] {
  return Array.from({ length: HOURS }, (_, hour) => {
    const start = START + hour * HOUR;
    const lines = INTERFACES.filter(({ id }) => !silent(id, hour)).map(({ id }) =>
      idleLine(id, start, start + HOUR - 1),
    );
    return logObject(lines, start + HOUR - 300);
  });
}

/** A record that nothing happened at an interface. */
export function idleLine(id: string, start: number, end: number): string {
  return flowLine({
    'interface-id': id,
    ...Object.fromEntries(
      [
        'srcaddr',
        'dstaddr',
        'srcport',
        'dstport',
        'protocol',
        'packets',
        'bytes',
        'action',
        'tcp-flags',
        'flow-direction',
      ].map((name) => [name, '-']),
    ),
    start,
    end,
    'log-status': 'NODATA',
  });
}
