import type { Command } from 'commander';
import type { Progress } from '../audit/index.ts';
import type { Environment } from '../config/index.ts';
import type { Clock } from '../core/index.ts';

/** What a command is given of the outside world. Results go to `out`; everything else goes to `note`. */
export interface Shell {
  /** Writes one line of the answer to standard output. */
  readonly out: (line: string) => void;
  /** Writes one line for a person to standard error. */
  readonly note: (line: string) => void;
  /** Shows how far a step has come; on a terminal only. */
  readonly onProgress: (progress: Progress) => void;
  /** Ends the progress display before other output. */
  readonly endProgress: () => void;
  /** Standard input, a chunk at a time. */
  readonly input: () => AsyncIterable<string>;
  readonly environment: Environment;
  readonly clock: Clock;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  readonly version: string;
  /** The machine, as reports say who ran an audit. */
  readonly host: string;
}

/** Makes a command; its action hands its work to `run`, which keeps the exit code. */
export type CommandFactory = (run: (action: CommandAction) => Promise<void>) => Command;

/** A command's work: what it says it did is the exit code. */
export type CommandAction = (shell: Shell) => Promise<number>;
