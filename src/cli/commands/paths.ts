import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { InterfaceAnswer, Network, PathAnswer, PathQuestion, PathSolver } from '../../analysis/index.ts';
import {
  answerAll,
  buildNetwork,
  createPathSolver,
  networkSource,
  outsideGoal,
  solveBuilt,
} from '../../analysis/index.ts';
import { loadInstruments } from '../../audit/index.ts';
import type { NetworkFolder } from '../../collection/index.ts';
import { isNetworkKind, readNetworkFolder } from '../../collection/index.ts';
import { DomicileError, isJsonObject } from '../../core/index.ts';
import type { LoadedEvidence } from '../../evidence/index.ts';
import { isAbsentService, loadEvidence } from '../../evidence/index.ts';
import type { Locator } from '../../geo/index.ts';
import { isEvidenceDirectory, openEvidenceDirectory } from '../../storage/index.ts';
import { EXIT } from '../exit-codes.ts';
import { accountOption, regionOption } from '../options.ts';
import type { CommandFactory, Shell } from '../shell.ts';
import { printable, textTable } from '../table.ts';

interface PathsOptions {
  readonly evidence: string;
  readonly account?: string;
  readonly region?: string;
  readonly from?: string;
  readonly fromIp?: string;
  readonly to?: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly all: boolean;
  readonly queries?: string;
  readonly json: boolean;
}

/** `domicile paths`: from here, can a packet reach there, by which hops, or blocked by what. */
export const pathsCommand: CommandFactory = (run) =>
  new Command('paths')
    .description('Says whether a packet can get from one place to another, by which hops, or what blocks it.')
    .requiredOption(
      '--evidence <dir>',
      'a folder of describe-* output, <account>/<region>/*.json or plain files, or an evidence store',
    )
    .option('--account <id>', 'the account of files that do not say', accountOption)
    .option('--region <name>', 'the region of files that do not say', regionOption)
    .option(
      '--from <place>',
      'an interface, instance, subnet, VPC, gateway or connection of a site, internet, or an address',
    )
    .option('--from-ip <address>', 'the source address, where the place has several')
    .option(
      '--to <place>',
      'an interface, instance, load balancer, address, CIDR, country:XX, outside:XX,YY or internet',
    )
    .option('--protocol <name>', 'tcp, udp, icmp, icmpv6, a number, or any', 'any')
    .option('--port <number>', 'the destination port', portOption)
    .option('--all', 'every interface: can it leave to --to, and by what, or what stops it', false)
    .option(
      '--queries <file>',
      'one question a line as JSON: {id, from, fromIp?, to, protocol?, port?}; - reads standard input',
    )
    .option('--json', 'one JSON document a line', false)
    .addHelpText(
      'after',
      '\nExample:\n  domicile paths --evidence export --from i-0a1b --to 8.8.8.8 --protocol tcp --port 443\n  domicile paths --evidence export --all --to outside:CN',
    )
    .action((options: PathsOptions) => run((shell) => paths(options, shell)));

function portOption(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a port from 0 to 65535');
}

async function paths(options: PathsOptions, shell: Shell): Promise<number> {
  const queries = options.queries === undefined ? undefined : await questionsIn(options.queries, shell);
  requireQuestion(options);
  const read = (await isEvidenceDirectory(options.evidence))
    ? networkOfStore(await loadEvidence(await openEvidenceDirectory(options.evidence)))
    : await networkOfFiles(options, shell);
  shell.endProgress();
  const folder = { ...read, gaps: [...read.gaps, ...interfacesUnlisted(read, options.evidence)] };
  for (const gap of folder.gaps) shell.note(`domicile: ${printable(gap)}`);
  const network = networkOf(folder);
  const { locator } = await loadInstruments();
  const missing = folder.gaps.map((gap) => `NOT_COLLECTED ${gap}`);
  const gaps = [...missing, ...contradictions(network)];
  if (queries !== undefined) return printAnswers(createPathSolver(network, locator), queries, gaps, shell);
  if (options.all)
    return printAll(
      network,
      { to: options.to ?? '', gaps: [...missing, ...faultsOf(network)], locator, json: options.json },
      shell,
    );
  const answer = doubted(createPathSolver(network, locator).answer(questionOf(options)), gaps);
  if (options.json) shell.out(JSON.stringify({ schemaVersion: 1, ...answer }));
  else for (const line of answerLines(answer)) shell.out(line);
  return answer.disposition === 'unknown' ? EXIT.inconclusive : EXIT.ok;
}

/** Where nobody lists interfaces, that no interface has an address is no answer. */
function interfacesUnlisted({ places }: NetworkFolder, evidence: string): readonly string[] {
  const calls = new Set(places.flatMap(({ answers }) => answers.map(({ item }) => item.key.call)));
  if (calls.size === 0) {
    throw new DomicileError('BAD_INPUT', {
      message: `expected answers of the AWS CLI about networks in ${evidence}, found none`,
      hint: 'domicile plan --cli prints the script that exports them',
    });
  }
  return calls.has('ec2:DescribeNetworkInterfaces') || calls.has('ec2:DescribeInstances')
    ? []
    : ['no answer lists the network interfaces'];
}

function networkOfFiles({ evidence, account, region }: PathsOptions, shell: Shell): Promise<NetworkFolder> {
  return readNetworkFolder(evidence, {
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
    signal: shell.signal,
    onProgress: (done, total) => shell.onProgress({ source: 'paths', step: 'files', done, total }),
  });
}

/** The network that an evidence store describes, as its collection began; what it has of it only in part is a gap. */
function networkOfStore(evidence: LoadedEvidence): NetworkFolder {
  const own = evidence.filter(({ item }) => isNetworkKind(item.key.kind) && item.key.phase === 'start');
  const places = Map.groupBy(own, ({ item }) => `${item.key.account}/${item.key.region}`);
  return {
    places: [...places.values()].map((answers) => ({
      account: answers[0]?.item.key.account ?? '',
      region: answers[0]?.item.key.region ?? '',
      answers,
    })),
    gaps: own
      .filter((loaded) => isOnPaths(loaded.item.key.kind) && !isAbsentService(loaded))
      .filter(({ item, problem }) => problem !== undefined || item.status !== 'complete')
      .map(({ item, problem }) => `${item.key.call} is ${problem ?? item.status}`),
  };
}

/** Whom a resolver asks, and which functions run in no VPC, is nothing to the path of a packet. */
function isOnPaths(kind: string): boolean {
  return !/^(?:route53resolver|route53profiles|lambda)\.|^ec2\.(?:vpc-attributes|dhcp-options)$/.test(kind);
}

function requireQuestion({ queries, to, from, all }: PathsOptions): void {
  if (queries !== undefined) return;
  if (to === undefined)
    throw new DomicileError('USAGE', 'expected --to, or --queries with a file, found neither');
  if (from === undefined && !all)
    throw new DomicileError('USAGE', 'expected --from, or --all for every interface, found neither');
}

/** One answer a line, with the id and in the order of its question. */
function printAnswers(
  solver: PathSolver,
  questions: readonly PathQuestion[],
  gaps: readonly string[],
  shell: Shell,
): number {
  const answers = questions.map((question) => doubted(answeredOrTold(solver, question), gaps));
  for (const answer of answers) shell.out(JSON.stringify({ schemaVersion: 1, ...answer }));
  return answers.some(({ disposition }) => disposition === 'unknown') ? EXIT.inconclusive : EXIT.ok;
}

/** Of many questions, one that means nothing here is answered with what is wrong with it; the others are not its hostages. */
function answeredOrTold(solver: PathSolver, question: PathQuestion): PathAnswer {
  try {
    return solver.answer(question);
  } catch (error) {
    if (!(error instanceof DomicileError) || error.code !== 'BAD_INPUT') throw error;
    return {
      ...(question.id === undefined ? {} : { id: question.id }),
      disposition: 'unknown',
      exit: null,
      hops: [],
      blockedBy: null,
      reason: `BAD_INPUT ${error.faults[0]?.message ?? ''}`,
      packet: null,
      returnPath: null,
    };
  }
}

function networkOf({ places }: NetworkFolder): Network {
  return buildNetwork(
    places.map((place) =>
      networkSource(place, (kind) => place.answers.filter(({ item }) => item.key.kind === kind)),
    ),
  );
}

/** What is wrong with the evidence as a whole: of copies that mirroring makes, one way in or out says nothing. */
function faultsOf({ faults }: Pick<Network, 'faults'>): readonly string[] {
  return faults.map(({ code, object, detail }) => `${code} ${object}: ${detail}`);
}

/** Faults by which a single path may be another one: of two descriptions of an object nobody knows which holds. */
function contradictions({ faults }: Pick<Network, 'faults'>): readonly string[] {
  return faultsOf({ faults: faults.filter(({ code }) => code === 'UNKNOWN_VALUE') });
}

/** Where something could not be read, nobody can say that there is no path: only a path that was seen stands. */
function doubted(answer: PathAnswer, gaps: readonly string[]): PathAnswer {
  const [gap] = gaps;
  if (gap === undefined || ['delivered', 'leaves-vpc', 'unknown'].includes(answer.disposition)) return answer;
  return { ...answer, disposition: 'unknown', reason: gap };
}

function questionOf({ from, fromIp, to, protocol, port }: PathsOptions): PathQuestion {
  return {
    from: from ?? '',
    to: to ?? '',
    ...(fromIp === undefined ? {} : { fromIp }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(port === undefined ? {} : { port }),
  };
}

/** Questions, one JSON object a line. All faults at once, with their lines. */
async function questionsIn(path: string, shell: Shell): Promise<readonly PathQuestion[]> {
  const text = path === '-' ? await textOf(shell.input()) : await fileText(path);
  const faults: { readonly message: string; readonly at: { file: string; line: number; column: number } }[] =
    [];
  const questions = text.split('\n').flatMap((line, index): readonly PathQuestion[] => {
    if (line.trim() === '') return [];
    const question = parseQuestion(line);
    if (question !== undefined) return [question];
    faults.push({
      message: 'expected {"id", "from", "fromIp"?, "to", "protocol"?, "port"?}, found another line',
      at: { file: path, line: index + 1, column: 1 },
    });
    return [];
  });
  if (faults.length > 0) throw new DomicileError('BAD_INPUT', faults);
  return questions;
}

async function fileText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new DomicileError('NOT_FOUND', `expected the file of questions ${path}, found none`, {
      cause: error,
    });
  });
}

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

function parseQuestion(line: string): PathQuestion | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const { id, from, fromIp, to, protocol, port } = value;
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  const number = typeof port === 'string' && /^\d{1,5}$/.test(port) ? Number(port) : port;
  if (number !== undefined && number !== null && typeof number !== 'number') return undefined;
  return {
    from,
    to,
    ...(typeof id === 'string' || typeof id === 'number' ? { id } : {}),
    ...(typeof fromIp === 'string' && fromIp !== '' ? { fromIp } : {}),
    ...(typeof protocol === 'string' || typeof protocol === 'number' ? { protocol: String(protocol) } : {}),
    ...(typeof number === 'number' ? { port: number } : {}),
  };
}

interface AllQuestion {
  readonly to: string;
  readonly gaps: readonly string[];
  readonly locator: Locator;
  readonly json: boolean;
}

function printAll(network: Network, { to, gaps, locator, json }: AllQuestion, shell: Shell): number {
  const answers = answerAll(solveBuilt(network), outsideGoal(network, to, locator)).map((answer) =>
    allDoubted(answer, gaps),
  );
  if (json) {
    for (const answer of answers) shell.out(JSON.stringify({ schemaVersion: 1, ...answer }));
  } else {
    const rows = answers.map((one) => [
      one.interface,
      one.initiated,
      one.reply,
      one.exits.map(({ id }) => id).join(', '),
      printable(one.witness?.packet ?? [...one.reasons, ...one.cut][0] ?? ''),
    ]);
    const head = ['interface', 'opened inside', 'answers', 'exits', 'witness, or what stops it'];
    for (const line of textTable(head, rows)) shell.out(line);
  }
  // They have no interface, and would else be missing from an answer about everything.
  for (const arn of network.functions.keys())
    shell.note(`domicile: ${printable(arn)} runs in no VPC: it can reach any destination`);
  const isUnknown = answers.some(({ initiated, reply }) => initiated === 'unknown' || reply === 'unknown');
  if (answers.length === 0) shell.note('domicile: no interface is described, so nothing is said of any');
  return isUnknown || answers.length === 0 ? EXIT.inconclusive : EXIT.ok;
}

function allDoubted(answer: InterfaceAnswer, gaps: readonly string[]): InterfaceAnswer {
  if (gaps.length === 0) return answer;
  const doubt = (word: InterfaceAnswer['initiated']): InterfaceAnswer['initiated'] =>
    word === 'cannot' ? 'unknown' : word;
  return {
    ...answer,
    initiated: doubt(answer.initiated),
    reply: doubt(answer.reply),
    reasons: [...answer.reasons, ...gaps],
  };
}

function answerLines(answer: PathAnswer): readonly string[] {
  const { disposition, exit, hops, blockedBy, reason, packet, returnPath } = answer;
  return [
    `${disposition}${exit === null ? '' : ` by ${exit.kind} ${exit.id}`}`,
    ...(packet === null ? [] : [`  packet: ${packet}`]),
    ...hops.map(({ kind, id, by }) => printable(`  ${kind} ${id}${by === '' ? '' : `: ${by}`}`)),
    ...(blockedBy === null
      ? []
      : [printable(`  blocked by ${blockedBy.kind} ${blockedBy.id}: ${blockedBy.rule}`)]),
    ...(reason === null ? [] : [printable(`  ${reason}`)]),
    ...(returnPath === null ? [] : [`  way back: ${returnPath}`]),
  ];
}
