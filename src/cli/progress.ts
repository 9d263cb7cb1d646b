import type { Progress } from '../audit/index.ts';

/** The part of a terminal that a progress line needs. */
export interface ProgressTerminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

export interface ProgressLine {
  readonly show: (progress: Progress) => void;
  readonly end: () => void;
}

const EVERY_MS = 100;
const BAR = 24;
const CLEAR_LINE = '\r\u001b[2K';

/** One line that is written over itself; nothing at all where standard error is no terminal. */
export function createProgressLine(terminal: ProgressTerminal, now: () => number): ProgressLine {
  if (terminal.isTTY !== true) return { show: () => undefined, end: () => undefined };
  let shownAt = -EVERY_MS;
  let visible = false;
  return {
    show: (progress) => {
      if (now() - shownAt < EVERY_MS && progress.done !== progress.total) return;
      shownAt = now();
      visible = true;
      terminal.write(`${CLEAR_LINE}${progressText(progress).slice(0, (terminal.columns ?? 80) - 1)}`);
    },
    end: () => {
      if (visible) terminal.write(CLEAR_LINE);
      visible = false;
    },
  };
}

function progressText({ source, step, done, total }: Progress): string {
  if (total === undefined || total === 0) return `${source}: ${step} ${done}`;
  const filled = Math.round((BAR * Math.min(done, total)) / total);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${done}/${total} ${source}: ${step}`;
}
