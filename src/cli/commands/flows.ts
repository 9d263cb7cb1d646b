import { Command, InvalidArgumentError } from 'commander';
import type { Conversation } from '../../analysis/index.ts';
import { conversations } from '../../analysis/index.ts';
import { loadInstruments } from '../../audit/index.ts';
import { readFlowLogFiles } from '../../collection/index.ts';
import { byCodeUnit, parseAddress, toInstant } from '../../core/index.ts';
import type { FlowAggregate, LogObjectRead } from '../../evidence/index.ts';
import type { Locator } from '../../geo/index.ts';
import { isCountryCode } from '../../geo/index.ts';
import { EXIT } from '../exit-codes.ts';
import { JSON_OPTION } from '../options.ts';
import type { CommandFactory } from '../shell.ts';
import { printable, textTable } from '../table.ts';

interface FlowsOptions {
  readonly countries?: readonly string[];
  readonly json: boolean;
}

/** All accepted traffic with one far address. */
interface Peer {
  readonly peer: string;
  readonly place: 'located' | 'disputed' | 'unprovable' | 'special' | 'unknown';
  readonly country: string | null;
  readonly initiators: readonly string[];
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly flowsOut: number;
  readonly first: string;
  readonly last: string;
}

/** `domicile flows`: what flow-log files say, without an inventory or a policy. */
export const flowsCommand: CommandFactory = (run) =>
  new Command('flows')
    .description('Totals, coverage and far destinations of flow-log files.')
    .argument('<path...>', 'log files, or folders that hold them')
    .option('--countries <list>', 'show only addresses that are not certainly in these, as CN,SG', countries)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample:\n  domicile flows export/acme-cn/logs --countries CN')
    .action((paths: readonly string[], options: FlowsOptions) =>
      run(async (shell) => {
        const aggregate = await readFlowLogFiles(paths, (done, total) =>
          shell.onProgress({ source: 'flows', step: 'log objects', done, total }),
        );
        shell.endProgress();
        const { locator } = await loadInstruments();
        const answer = summarise(aggregate, locator, options.countries);
        if (options.json) shell.out(JSON.stringify(answer));
        else for (const line of lines(answer)) shell.out(line);
        return answer.objects.unread.length === 0 && answer.malformed === 0 ? EXIT.ok : EXIT.inconclusive;
      }),
    );

function countries(text: string): readonly string[] {
  const codes = text.split(',').map((code) => code.trim());
  if (codes.every(isCountryCode)) return codes;
  throw new InvalidArgumentError('expected ISO 3166-1 alpha-2 codes, as CN,SG');
}

type Summary = ReturnType<typeof summarise>;

function summarise(aggregate: FlowAggregate, locator: Locator, allowed: readonly string[] | undefined) {
  const { rows, interfaces, objects } = aggregate;
  const sum = (pick: (row: FlowAggregate['rows'][number]) => number): number =>
    rows.reduce((total, row) => total + pick(row), 0);
  return {
    schemaVersion: 1,
    objects: {
      read: objects.filter(isWhole).length,
      unread: objects.filter((object) => !isWhole(object)).map(({ key, status }) => ({ key, status })),
    },
    records: objects.reduce((total, { records }) => total + records, 0),
    malformed: objects.reduce((total, object) => total + malformedLines(object), 0),
    formats: [...new Set(objects.flatMap(({ formats }) => formats))].sort(byCodeUnit),
    totals: {
      accepted: sum(({ action, flows }) => (action === 'ACCEPT' ? flows : 0)),
      rejected: sum(({ action, flows }) => (action === 'REJECT' ? flows : 0)),
      packets: sum(({ packets }) => packets),
      bytes: sum(({ bytes }) => bytes),
    },
    interfaces: interfaces.map(({ account, interface: id, observed, skipped, ok, nodata, skipdata }) => ({
      account,
      interface: id,
      from: observed[0] === undefined ? null : toInstant(observed[0][0] * 1000),
      to: observed.at(-1) === undefined ? null : toInstant((observed.at(-1)?.[1] ?? 0) * 1000),
      spans: observed.length,
      skipped: skipped.length,
      ok,
      nodata,
      skipdata,
    })),
    peers: peersOf(conversations(aggregate, []), locator).filter(
      ({ place, country }) =>
        place !== 'special' &&
        (allowed === undefined || place !== 'located' || !allowed.includes(country ?? '')),
    ),
  };
}

function isWhole({ status }: LogObjectRead): boolean {
  return status === 'complete';
}

function malformedLines({ malformed }: LogObjectRead): number {
  return Object.values(malformed).reduce((total, count) => total + count, 0);
}

/** Most bytes out first: what left is what one looks for. */
function peersOf(all: readonly Conversation[], locator: Locator): readonly Peer[] {
  return [...Map.groupBy(all, ({ peer }) => peer)]
    .map(([peer, own]): Peer => {
      const address = parseAddress(peer);
      const location = address === null ? undefined : locator.locate(address);
      const total = (pick: (one: Conversation) => number): number =>
        own.reduce((bytes, one) => bytes + pick(one), 0);
      return {
        peer,
        place: location?.kind ?? 'unknown',
        country: location?.kind === 'located' ? location.country : null,
        initiators: [...new Set(own.map(({ initiator }) => initiator))].sort(byCodeUnit),
        bytesOut: total(({ bytesOut }) => bytesOut),
        bytesIn: total(({ bytesIn }) => bytesIn),
        flowsOut: total(({ flowsOut }) => flowsOut),
        first: toInstant(Math.min(...own.map(({ first }) => first)) * 1000),
        last: toInstant(Math.max(...own.map(({ last }) => last)) * 1000),
      };
    })
    .sort((left, right) => right.bytesOut - left.bytesOut || byCodeUnit(left.peer, right.peer));
}

const PEERS_SHOWN = 50;

function lines(answer: Summary): readonly string[] {
  const { objects, totals } = answer;
  const peers = answer.peers.slice(0, PEERS_SHOWN);
  return [
    `${objects.read} objects read, ${objects.unread.length} not; ${answer.records} records, ${answer.malformed} lines malformed`,
    ...objects.unread.map(({ key, status }) => `  ${printable(key)}: ${status}`),
    `accepted ${totals.accepted} flows, rejected ${totals.rejected}; ${totals.packets} packets, ${totals.bytes} bytes`,
    '',
    ...textTable(
      ['interface', 'from', 'to', 'spans', 'ok', 'no data', 'skipped'],
      answer.interfaces.map((one) => [
        printable(one.interface),
        one.from ?? '',
        one.to ?? '',
        String(one.spans),
        String(one.ok),
        String(one.nodata),
        String(one.skipdata),
      ]),
    ),
    '',
    ...textTable(
      ['far address', 'place', 'opened by', 'bytes out', 'bytes in', 'first', 'last'],
      peers.map((one) => [
        one.peer,
        one.country ?? one.place,
        one.initiators.join(', '),
        String(one.bytesOut),
        String(one.bytesIn),
        one.first,
        one.last,
      ]),
    ),
    ...(answer.peers.length > peers.length
      ? [`and ${answer.peers.length - peers.length} more (--json lists all)`]
      : []),
  ];
}
