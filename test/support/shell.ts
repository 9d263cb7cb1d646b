import { runCommandLine } from '../../src/cli/program.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { readEnvironment } from '../../src/config/index.ts';

/** What a command line did. */
export interface CommandOutcome {
  readonly exitCode: number;
  readonly out: readonly string[];
  readonly notes: readonly string[];
}

export interface CommandCircumstances {
  readonly variables?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly signal?: AbortSignal;
  readonly now?: string;
}

/** Runs a command line in this process, with everything that it takes from the outside world given. */
export async function domicile(
  args: readonly string[],
  circumstances: CommandCircumstances = {},
): Promise<CommandOutcome> {
  const out: string[] = [];
  const notes: string[] = [];
  const shell: Shell = {
    out: (line) => void out.push(...line.split('\n')),
    note: (line) => void notes.push(...line.split('\n')),
    onProgress: () => undefined,
    endProgress: () => undefined,
    input: async function* () {
      yield await Promise.resolve(circumstances.input ?? '');
    },
    environment: readEnvironment(circumstances.variables ?? {}),
    clock: { now: () => Date.parse(circumstances.now ?? '2026-11-22T20:30:00Z') },
    signal: circumstances.signal ?? new AbortController().signal,
    version: '0.0.0-test',
    host: 'test-host',
  };
  const exitCode = await runCommandLine(args, shell);
  return { exitCode, out, notes };
}
