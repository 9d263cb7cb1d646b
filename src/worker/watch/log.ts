import type { Clock } from '../../core/index.ts';
import { toInstant } from '../../core/index.ts';

export type LogLevel = 'info' | 'warning' | 'error';

/** The members that a line may have besides time, level and event: ids, codes and numbers, never texts of others. */
export interface LogFields {
  readonly deployment?: string;
  readonly runId?: string;
  readonly step?: string;
  readonly shard?: string;
  readonly why?: string;
  readonly verdict?: string;
  readonly report?: string;
  readonly slots?: readonly string[];
  readonly jurisdiction?: string;
  readonly host?: string;
  readonly address?: string;
  readonly country?: string;
  readonly port?: number;
  readonly count?: number;
  readonly ms?: number;
}

/** Structured lines: one JSON object each. */
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

export function createLog(write: (line: string) => void, clock: Clock): Log {
  return (level, event, fields = {}) =>
    write(JSON.stringify({ time: toInstant(clock.now()), level, event, ...fields }));
}
