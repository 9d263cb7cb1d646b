import { DomicileError } from '../../core/index.ts';

const ANSWER_MS = 10_000;

/** A command to a queue that is down waits for ever in the driver; whoever asks must not. */
export async function answered<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(silent('ETIMEDOUT')), ANSWER_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    throw error instanceof DomicileError ? error : silent(codeOf(error));
  } finally {
    clearTimeout(timer);
  }
}

function silent(code: string): DomicileError {
  return new DomicileError('UNREACHABLE', {
    message: `expected an answer of the queue, found ${code}`,
    hint: 'does it run, and is QUEUE_URL right? Nothing is lost: what is due is found again',
  });
}

/** The code of a driver's error, or the first word of a Redis error, such as NOAUTH; the rest may hold what it was given. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'FAILED';
  const code = 'code' in error ? String(error.code) : (/^([A-Z]{3,20}) /.exec(error.message)?.[1] ?? '');
  return /^[A-Z0-9_]{3,40}$/.test(code) ? code : 'FAILED';
}
