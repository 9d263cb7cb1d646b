import type { CallSpec, EvidenceKind } from '../../evidence/index.ts';
import { KINDS } from '../../evidence/index.ts';

/** A call of the project's table, with the parameters that a command line gave it. */
export interface KnownCall {
  readonly kind: EvidenceKind;
  readonly spec: CallSpec;
}

/** An AWS CLI command taken apart. It is never run: it only says what an exported file answers. */
export interface ParsedCommand {
  /** As `ec2 describe-vpcs`. */
  readonly cli: string;
  readonly options: ReadonlyMap<string, string>;
}

const LONGEST = 100_000;
const OPTION = /^--([a-z][a-z0-9-]{0,60})(?:=(.*))?$/s;
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/;
const PROGRAM = /^(?:[^\s]*[\\/])?aws(?:\.exe|\.cmd)?$/;
/** Options that stand alone; after every other one a word that is no option is its value. */
const FLAGS: ReadonlySet<string> = new Set([
  'debug',
  'no-paginate',
  'no-verify-ssl',
  'no-sign-request',
  'no-cli-pager',
]);
/** Quoted parts, escaped characters and plain ones, up to the next white space. */
const WORD = /(?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|\\[\s\S]|[^\s"'\\])+/y;

/**
 * Splits `aws SERVICE OPERATION --option value…` as a shell would, or gives `undefined` for anything else: variables
 * set before it and options before the service are part of what people write down.
 */
export function parseCommand(command: string): ParsedCommand | undefined {
  const words = wordsOf(command);
  const start = words?.findIndex((word) => !ASSIGNMENT.test(word)) ?? -1;
  if (words === undefined || start < 0 || !PROGRAM.test(words[start] ?? '')) return undefined;
  const names: string[] = [];
  const options = new Map<string, string>();
  let open: string | undefined;
  for (const word of words.slice(start + 1)) {
    const [, option, value] = OPTION.exec(word) ?? [];
    if (option !== undefined) {
      open = FLAGS.has(option) || value !== undefined ? undefined : option;
      options.set(option, value ?? '');
    } else if (open !== undefined && (names.length === 2 || options.get(open) === '')) {
      const before = options.get(open) ?? '';
      options.set(open, before === '' ? word : `${before} ${word}`);
    } else if (names.length < 2) {
      names.push(word);
    } else {
      return undefined;
    }
  }
  return names.length === 2 ? { cli: names.join(' '), options } : undefined;
}

/** The words of a command without their quotes, or `undefined` where a quote is open. */
function wordsOf(command: string): readonly string[] | undefined {
  if (command.length > LONGEST) return undefined;
  // A backslash at the end of a line joins it with the next.
  const text = command.replaceAll(/\\\r?\n/g, ' ').trim();
  const words: string[] = [];
  for (let at = 0; at < text.length; ) {
    WORD.lastIndex = at;
    const [word] = WORD.exec(text) ?? [];
    if (word === undefined) return undefined;
    words.push(
      word.replaceAll(/"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'/g, (_all, double, single) =>
        String(double ?? single),
      ),
    );
    at += word.length;
    at += /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
  }
  return words;
}

/** Every call of the table by its command. */
const CALLS_BY_CLI: ReadonlyMap<string, readonly KnownCall[]> = Map.groupBy(
  [...KINDS].flatMap(([kind, { calls }]) => calls.map((spec): KnownCall => ({ kind, spec }))),
  ({ spec }) => spec.cli,
);

/** Every call of the table by the member that its answer is recognised by. */
const CALLS_BY_MEMBER: ReadonlyMap<string, readonly KnownCall[]> = Map.groupBy(
  [...CALLS_BY_CLI.values()].flat(),
  ({ spec }) => spec.member,
);

/** The calls behind a command: several kinds may share one. Empty for a command that is not on the read-only list. */
export function callsOfCommand({
  cli,
  options = new Map(),
}: Pick<ParsedCommand, 'cli'> & Partial<ParsedCommand>): readonly KnownCall[] {
  return (CALLS_BY_CLI.get(cli) ?? []).filter(({ spec: { fixed } }) => {
    const chosen = options.get(fixed?.selects ?? '');
    return chosen === undefined || fixed?.cli === `--${fixed?.selects ?? ''} ${chosen}`;
  });
}

/** The calls whose answers have one of these members. One that several calls answer in (`items`) tells none of them. */
export function callsOfMembers(members: readonly string[]): readonly KnownCall[] {
  return members.flatMap((member) => {
    const calls = CALLS_BY_MEMBER.get(member) ?? [];
    return new Set(calls.map(({ spec }) => spec.call)).size > 1 ? [] : calls;
  });
}

/** The parameters of a call that its evidence key carries: those that its fan-out names. */
export function parametersOf(
  { spec }: KnownCall,
  options: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const named = (spec.forEach ?? []).map(({ parameter }) => parameter);
  return Object.fromEntries(
    [...new Set(named)].flatMap((name) => (options.has(name) ? [[name, options.get(name) ?? '']] : [])),
  );
}

/** Options that change nothing of what an answer holds. What a page leaves out, its token says. */
const HARMLESS: ReadonlySet<string> = new Set([
  'region',
  'profile',
  'output',
  'color',
  'debug',
  'include',
  'max-items',
  'page-size',
  'no-paginate',
  'no-cli-pager',
  'no-cli-auto-prompt',
  'cli-read-timeout',
  'cli-connect-timeout',
  'cli-binary-format',
  'ca-bundle',
  'request-payer',
  'expected-bucket-owner',
]);

/** Options that ask for a later page: what was before it is in another file, or missing. */
export const PAGE_OPTIONS = ['starting-token', 'next-token', 'marker', 'continuation-token'] as const;

/** Options that a call takes besides its fan-out parameters without naming less than all. */
const CALL_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'ecs describe-services': ['cluster'],
  'ecs describe-tasks': ['cluster'],
  's3api list-objects-v2': ['bucket', 'prefix'],
  's3api list-objects': ['bucket', 'prefix'],
};

/**
 * Whether a command asked for less than everything, such as by `--filters`, `--query` or an id: its answer looks like
 * any other. By an allow-list, since services add options.
 */
export function isNarrowed({ cli, options }: ParsedCommand): boolean {
  const parameters = callsOfCommand({ cli }).flatMap((call) => Object.keys(parametersOf(call, options)));
  const known = new Set<string>([...HARMLESS, ...PAGE_OPTIONS, ...parameters, ...(CALL_OPTIONS[cli] ?? [])]);
  const fixed = callsOfCommand({ cli }).map((call) => call.spec.fixed?.cli);
  return [...options].some(
    ([option, value]) => !known.has(option) && !fixed.includes(`--${option} ${value}`),
  );
}
