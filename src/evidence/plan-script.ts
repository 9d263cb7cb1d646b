import type { TimeWindow } from '../core/index.ts';
import type { SharedCall } from './calls.ts';
import { sharedCalls, withOrigins } from './calls.ts';
import type { Deployment } from './generated/inventory.ts';
import type { FanOut } from './kind-spec.ts';
import { logDays, logLayouts } from './log-layout.ts';
import type { Need } from './need.ts';
import type { AccountKinds } from './plan.ts';
import { accountsOf, IDENTITY_CALL } from './plan.ts';
import { SCRIPT_FUNCTIONS } from './script-functions.ts';

/**
 * A shell script that reads with the AWS CLI what an audit would read live, into an export folder with its
 * `index.json`: for a customer who gives no credentials. It asks first whose keys it runs with, and reads that
 * account's part; with several accounts it is run once for each.
 *
 * @param window limits the flow logs to what can hold records of it; without one all of them are fetched.
 */
export function exportScriptOf(deployment: Deployment, needs: readonly Need[], window?: TimeWindow): string {
  const places = accountsOf(needs);
  const wanted = new Set(
    needs.filter(({ kind }) => kind.startsWith('flow-logs.')).map(({ target }) => target),
  );
  const sources = deployment.logSources.filter(({ id }) => wanted.has(id));
  const accounts = [
    ...new Set([...places.map(({ account }) => account), ...sources.map(({ account }) => account)]),
  ];
  const parts = accounts.flatMap((account) => [
    `read_${account}() {`,
    ...indented([
      ...places.filter((place) => place.account === account).flatMap(placeLines),
      ...sources
        .filter((source) => source.account === account)
        .flatMap((source) => logLines(deployment, source, window)),
    ]),
    '}',
    '',
  ]);
  return [
    '#!/usr/bin/env bash',
    `# Reads with the AWS CLI what an audit of ${deployment.id} needs. Every command only reads.`,
    '# usage: AWS_PROFILE=... bash THIS-SCRIPT [FOLDER]',
    ...SCRIPT_FUNCTIONS,
    '',
    ...parts,
    `account=$(aws ${IDENTITY_CALL.cli} --query Account --output text --region ${deployment.region}) || exit 69`,
    'case "$account" in',
    ...accounts.map((account) => `  ${account}) read_${account} ;;`),
    '  *)',
    `    echo "expected keys of ${accounts.join(' or ')}, found those of $account" >&2`,
    '    exit 64',
    '    ;;',
    'esac',
    '',
  ].join('\n');
}

function placeLines({ account, region, kinds }: AccountKinds): readonly string[] {
  const calls = sharedCalls(withOrigins(kinds));
  return [`begin ${account} ${region}`, ...calls.flatMap((call) => callLines(call, region, calls)), 'finish'];
}

/** The ids of a call that others need, by the name of the list that the script keeps them in. */
function keptIds(call: string, calls: readonly SharedCall[]): ReadonlyMap<string, string> {
  const paths = calls
    .flatMap(({ forEach }) => forEach)
    .filter(({ from }) => from === call)
    .map(({ ids }) => ids);
  return new Map([...new Set(paths)].map((ids) => [listName(call, ids), ids]));
}

function listName(call: string, ids: string): string {
  return `${call}.${ids}`.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/-$/, '');
}

function callLines(call: SharedCall, region: string, calls: readonly SharedCall[]): readonly string[] {
  const fixed = call.uses[0]?.spec.fixed?.cli;
  const command = `${call.cli}${fixed === undefined ? '' : ` ${fixed}`}`;
  const made = (parameters: string, parent: string): readonly string[] => [
    `call ${command}${parameters} --region ${region}`,
    ...[...keptIds(call.call, calls)].map(
      ([list, ids]) => `keep ${list} ${parent} '${ids}' ${command}${parameters} --region ${region}`,
    ),
  ];
  if (call.forEach.length === 0) return made('', "''");
  return groupedOrigins(call.forEach).flatMap(([origin, lists]) => loopLines(origin, lists, made));
}

/** Origins that differ only in where the ids come from share a loop, so that an id listed twice is asked for once. */
function groupedOrigins(
  origins: readonly FanOut[],
): readonly (readonly [origin: FanOut, lists: readonly string[]])[] {
  const groups = Map.groupBy(origins, ({ parameter, batch, carries }) =>
    [parameter, batch ?? 0, carries ?? ''].join(' '),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [[first, group.map(({ from, ids }) => listName(from, ids))] as const];
  });
}

/** One command for each id, or batch of ids. File descriptor 3, since a command could read the list from 0. */
function loopLines(
  { parameter, batch, carries }: FanOut,
  lists: readonly string[],
  made: (parameters: string, parent: string) => readonly string[],
): readonly string[] {
  const names = lists.join(' ');
  if (batch === undefined) {
    return [
      'while IFS= read -r id <&3; do',
      ...indented(made(` --${parameter} "$id"`, '"$id"')),
      `done 3< <(ids ${names})`,
    ];
  }
  const carried = carries === undefined ? '' : ` --${carries} "$parent"`;
  return [
    `while IFS=$'\\t' read -r ${carries === undefined ? '_' : 'parent'} batch <&3; do`,
    ...indented([
      'IFS=\' \' read -r -a words <<<"$batch"',
      ...made(`${carried} --${parameter} "\${words[@]}"`, '"$batch"'),
    ]),
    carries === undefined
      ? `done 3< <(ids ${names} | unparented | batched ${batch})`
      : `done 3< <(kept ${names} | batched ${batch})`,
  ];
}

/** The listing and the objects of one log source, folder by folder. */
function logLines(
  { region }: Deployment,
  { account, bucket, prefix }: Deployment['logSources'][number],
  window: TimeWindow | undefined,
): readonly string[] {
  if (bucket === undefined) return [`# the inventory names no bucket for the flow logs of ${account}`];
  return [
    `begin ${account} ${region}`,
    // The whole listing, since a part of one cannot show that no object is missing; the objects only as needed.
    ...logLayouts(account, prefix).flatMap((layout) => {
      const folder = quoted(`${layout.regions}${layout.region(region)}`);
      const list = `call s3api list-objects-v2 --bucket ${quoted(bucket)} --prefix ${folder} --region ${region}`;
      const days = window === undefined ? [''] : logDays(window).map(layout.day);
      const fetches = days.map((day) => `fetch ${quoted(bucket)} ${folder}${day} ${region}`);
      return [list, ...fetches];
    }),
    'finish',
  ];
}

/** Text of the inventory in a shell word. */
function quoted(text: string): string {
  return /^[A-Za-z0-9._/=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? line : `  ${line}`));
}
