import { Command, CommanderError } from 'commander';
import { DomicileError, formatFault } from '../core/index.ts';
import { EXIT, exitOfError } from './exit-codes.ts';
import type { CommandAction, CommandFactory, Shell } from './shell.ts';

/**
 * Every command by its name, loaded when it is asked for: what a database driver or an SDK takes to load is no
 * business of `verify`.
 */
const COMMANDS: Readonly<Record<string, () => Promise<CommandFactory>>> = {
  audit: async () => (await import('./commands/audit.ts')).auditCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  collect: async () => (await import('./commands/collect.ts')).collectCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  replay: async () => (await import('./commands/replay.ts')).replayCommand,
  geo: async () => (await import('./commands/geo.ts')).geoCommand,
  flows: async () => (await import('./commands/flows.ts')).flowsCommand,
  paths: async () => (await import('./commands/paths.ts')).pathsCommand,
  classify: async () => (await import('./commands/classify.ts')).classifyCommand,
  policy: async () => (await import('./commands/policy.ts')).policyCommand,
  keys: async () => (await import('./commands/keys.ts')).keysCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  worker: async () => (await import('./commands/worker.ts')).workerCommand,
  schedule: async () => (await import('./commands/schedule.ts')).scheduleCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
};

const EXIT_TABLE = `
Exit codes of every command:
  0 pass, or answered   1 fail        2 inconclusive
  64 usage              65 bad input  69 a system could not be reached
  70 internal error     130 cancelled`;

/** Runs one command line and gives its exit code. Never throws. */
export async function runCommandLine(args: readonly string[], shell: Shell): Promise<number> {
  let exitCode: number = EXIT.ok;
  const run = async (action: CommandAction): Promise<void> => {
    exitCode = await guarded(action, shell);
  };
  const program = new Command('domicile')
    .description(
      "Checks that a deployment's data lives and travels only where its owner promised, and signs what it could prove.",
    )
    .version(shell.version)
    .addHelpText('after', EXIT_TABLE)
    .showHelpAfterError('(--help shows the options and an example)');
  for (const factory of await factoriesFor(args)) program.addCommand(factory(run));
  prepare(program, shell);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(error, shell);
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return exitCode;
}

/** The command that is named, or all of them for a person who asks which there are. */
async function factoriesFor(args: readonly string[]): Promise<readonly CommandFactory[]> {
  const [name] = args;
  const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load !== undefined) return [await load()];
  return Promise.all(Object.values(COMMANDS).map((one) => one()));
}

/** Commander neither ends the process nor writes past the shell. */
function prepare(command: Command, shell: Shell): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => shell.out(text.trimEnd()),
    writeErr: (text) => shell.note(text.trimEnd()),
  });
  for (const child of command.commands) prepare(child, shell);
}

async function guarded(action: CommandAction, shell: Shell): Promise<number> {
  try {
    return await action(shell);
  } catch (error) {
    return reportFailure(error, shell);
  } finally {
    shell.endProgress();
  }
}

/** Says what went wrong. Of an error that is not ours only the kind is told: its message may quote what was read. */
function reportFailure(error: unknown, shell: Shell): number {
  if (shell.signal.aborted) {
    shell.note('domicile: cancelled; nothing half-written was left');
    return EXIT.cancelled;
  }
  if (error instanceof DomicileError) {
    for (const fault of error.faults) shell.note(`domicile: ${formatFault(fault)}`);
    return exitOfError(error.code);
  }
  const kind = error instanceof Error ? error.name : typeof error;
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  shell.note(`domicile: internal error (${kind}${code}); please report it with the command that you ran`);
  if (error instanceof Error && shell.environment.debug) shell.note(stackPlaces(error));
  return EXIT.internal;
}

/** The places of a stack without its message. */
function stackPlaces({ stack }: Error): string {
  return (stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
