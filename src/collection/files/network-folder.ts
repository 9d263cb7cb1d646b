import type { Json, JsonObject } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import type { EvidenceAnswer, EvidenceItem, EvidenceKind } from '../../evidence/index.ts';
import { textsAt } from '../../evidence/index.ts';
import { isCut, readAnswer } from '../answer.ts';
import { unbundled } from './bundles.ts';
import type { KnownCall, ParsedCommand } from './command-line.ts';
import { callsOfCommand, callsOfMembers, parametersOf, parseCommand } from './command-line.ts';
import { parseIndex } from './export-index.ts';
import type { FoundFile } from './folder.ts';
import { FOLDER_LIMITS, findFiles, readJson } from './folder.ts';
import { placeOfPath } from './place.ts';

/** What a folder says of networks, whosoever they are: no inventory names its accounts. */
export interface NetworkFolder {
  readonly places: readonly NetworkPlace[];
  /** Why something that a path meets might be missing: files that cannot be read, pages that were cut. */
  readonly gaps: readonly string[];
}

/** One account and region, and what was answered there. Either may be empty where nobody says it. */
export interface NetworkPlace {
  readonly account: string;
  readonly region: string;
  readonly answers: readonly EvidenceAnswer[];
}

export interface NetworkFolderOptions {
  /** For files whose folders and content do not say it. */
  readonly account?: string;
  readonly region?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Networks are asked about in one process, whatever their size; an answer of 200 MB is read. */
const LIMITS = { ...FOLDER_LIMITS, fileBytes: 512 * 1024 * 1024 };

/** One answer before it is known whose it is. */
interface Found {
  readonly path: string;
  readonly call: KnownCall;
  readonly body: JsonObject;
  readonly command: ParsedCommand | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Reads a folder of `describe-*` output for questions about paths: `<account>/<region>/*.json`, or files without
 * such folders, recognised by content, with an optional `index.json`. Nothing but network answers is looked at.
 */
export async function readNetworkFolder(root: string, options: NetworkFolderOptions): Promise<NetworkFolder> {
  const { files, refused } = await findFiles(root, LIMITS);
  const commands = new Map<string, string>();
  const found: Found[] = [];
  const gaps = refused.map((path) => `${path} is no file`);
  const answers = files.filter(({ path }) => path.endsWith('.json'));
  for (const file of answers.filter(isIndex)) {
    const folder = file.path.slice(0, -'index.json'.length);
    const json = await readJson(root, file, LIMITS);
    for (const entry of (json.kind === 'json' ? parseIndex(json.value) : undefined) ?? []) {
      if (entry.file !== undefined) commands.set(`${folder}${entry.file}`, entry.command);
    }
  }
  for (const [done, file] of answers.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.(done, answers.length);
    if (isIndex(file)) continue;
    const json = await readJson(root, file, LIMITS);
    if (json.kind === 'json' && isJsonObject(json.value)) {
      found.push(...answersIn(file, json.value, commands.get(file.path)));
    } else {
      gaps.push(`${file.path} cannot be read`);
    }
  }
  return placed(named(found), options, gaps);
}

function isIndex({ path }: FoundFile): boolean {
  return path === 'index.json' || path.endsWith('/index.json');
}

const OF_NETWORKS =
  /^(?:ec2|elbv2|directconnect|route53resolver|route53profiles|vpc-lattice|lambda|network-firewall)\./;

/** What the solver reads; other answers of the table may lie in the folder too. */
export function isNetworkKind(kind: string): boolean {
  return OF_NETWORKS.test(kind) && kind !== 'ec2.flow-logs';
}

function answersIn(file: FoundFile, body: JsonObject, line: string | undefined): readonly Found[] {
  const command = line === undefined ? undefined : parseCommand(line);
  const bundled = unbundled(body);
  if (bundled.length > 0) {
    return bundled.flatMap(({ cli, parameters, answer }) =>
      callsOfCommand({ cli }).map((call) => ({
        path: file.path,
        call,
        body: answer,
        command: undefined,
        parameters,
      })),
    );
  }
  const calls = command === undefined ? callsOfMembers(Object.keys(body)) : callsOfCommand(command);
  return calls
    .filter(({ kind }) => isNetworkKind(kind))
    .map((call) => ({
      path: file.path,
      call,
      body,
      command,
      parameters: parametersOf(call, command?.options ?? new Map()),
    }));
}

/** Answers of calls that repeat for ids: where no command says whose they are, the file's name may, or there is but one. */
function named(found: readonly Found[]): readonly Found[] {
  const listed = new Map<string, readonly string[]>();
  const idsOf = (call: string, ids: string): readonly string[] => {
    const known = listed.get(`${call} ${ids}`);
    if (known !== undefined) return known;
    const own = found.filter((one) => one.call.spec.call === call).flatMap(({ body }) => textsAt(body, ids));
    const distinct = [...new Set(own)];
    listed.set(`${call} ${ids}`, distinct);
    return distinct;
  };
  return found.map((one) => {
    const [origin] = one.call.spec.forEach ?? [];
    if (origin === undefined || one.parameters[origin.parameter] !== undefined) return one;
    const inside = origin.answered === undefined ? [] : [...new Set(textsAt(one.body, origin.answered))];
    const ids = idsOf(origin.from, origin.ids);
    const inName = ids.filter((id) => one.path.includes(id));
    const [only] = inside.length === 1 ? inside : inName.length === 1 ? inName : ids.length === 1 ? ids : [];
    return only === undefined ? one : { ...one, parameters: { [origin.parameter]: only } };
  });
}

/** Groups answers by where they come from; what says nothing takes what the rest of its folder says. */
function placed(found: readonly Found[], options: NetworkFolderOptions, gaps: string[]): NetworkFolder {
  const folders = Map.groupBy(found, ({ path }) => path.slice(0, path.lastIndexOf('/') + 1));
  const known = new Map([...folders].map(([folder, own]) => [folder, ownPlace(own)] as const));
  const places = new Map<string, { account: string; region: string; answers: EvidenceAnswer[] }>();
  for (const one of found) {
    const inside = known.get(one.path.slice(0, one.path.lastIndexOf('/') + 1));
    const byPath = placeOfPath(one.path);
    const account = byPath.account ?? options.account ?? inside?.account ?? '';
    const region =
      byPath.region ?? one.command?.options.get('region') ?? options.region ?? inside?.region ?? '';
    const place = places.get(`${account}/${region}`) ?? { account, region, answers: [] };
    places.set(`${account}/${region}`, place);
    const read = readAnswer(one.call.spec, one.body);
    if (read.status === 'unreadable') gaps.push(`${one.path}: ${read.reason}`);
    if (read.status === 'partial' || isCut(one.body)) gaps.push(`${one.path} has more pages than were read`);
    place.answers.push({
      item: itemOf(one, account, region, read.status),
      body: read.body as Json | undefined,
    });
  }
  return { places: [...places.values()], gaps };
}

function itemOf(one: Found, account: string, region: string, status: EvidenceItem['status']): EvidenceItem {
  return {
    id: one.path,
    sha256: '',
    size: 0,
    key: {
      kind: one.call.kind,
      partition: '',
      account,
      region,
      target: '',
      call: one.call.spec.call,
      parameters: one.parameters,
      phase: 'start',
      part: 0,
    },
    time: null,
    status,
    reason: '',
    provenance: 'vendor-supplied',
    dropped: [],
  };
}

const ZONE = /^([a-z]{2}(?:-[a-z]+)+-\d{1,2})[a-z]$/;
const ACCOUNT = /^\d{12}$/;
/** Whose things are described by their owner, with the zone that they are in. */
const OWNED: readonly EvidenceKind[] = [
  'ec2.vpcs',
  'ec2.subnets',
  'ec2.network-interfaces',
  'ec2.route-tables',
];

function ownPlace(found: readonly Found[]): { readonly account?: string; readonly region?: string } {
  const own = found.filter(({ call }) => OWNED.includes(call.kind));
  const accounts = distinct(
    own
      .flatMap(({ call, body }) => textsAt(body, `${call.spec.member}[].OwnerId`))
      .filter((id) => ACCOUNT.test(id)),
  );
  const regions = distinct(
    own
      .flatMap(({ call, body }) => textsAt(body, `${call.spec.member}[].AvailabilityZone`))
      .flatMap((zone) => ZONE.exec(zone)?.[1] ?? []),
  );
  const [account] = accounts;
  const [region] = regions;
  return {
    ...(account !== undefined && accounts.length === 1 ? { account } : {}),
    ...(region !== undefined && regions.length === 1 ? { region } : {}),
  };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
