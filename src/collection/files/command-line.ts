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
const WORD = /^[\x21-\x7e]+$/;
const OPTION = /^--([a-z][a-z0-9-]{0,60})$/;

/** Splits `aws SERVICE OPERATION --option value…`, or gives `undefined` for anything else. Quotes are not needed by any read call. */
export function parseCommand(command: string): ParsedCommand | undefined {
  if (command.length > LONGEST) return undefined;
  const words = command.trim().split(/ +/);
  if (words[0] !== 'aws' || words.some((word) => !WORD.test(word))) return undefined;
  const [, service, operation, ...rest] = words;
  if (
    service === undefined ||
    operation === undefined ||
    service.startsWith('-') ||
    operation.startsWith('-')
  )
    return undefined;
  const options = new Map<string, string>();
  let name: string | undefined;
  for (const word of rest) {
    const option = OPTION.exec(word)?.[1];
    if (option !== undefined) {
      name = option;
      options.set(option, '');
    } else if (name === undefined) {
      return undefined;
    } else {
      const before = options.get(name) ?? '';
      options.set(name, before === '' ? word : `${before} ${word}`);
    }
  }
  return { cli: `${service} ${operation}`, options };
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
export function callsOfCommand(cli: string): readonly KnownCall[] {
  return CALLS_BY_CLI.get(cli) ?? [];
}

/** The calls whose answers have one of these members. */
export function callsOfMembers(members: readonly string[]): readonly KnownCall[] {
  return members.flatMap((member) => CALLS_BY_MEMBER.get(member) ?? []);
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
