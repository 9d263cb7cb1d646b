import { DomicileError } from '../core/index.ts';

const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * The lines of a text that comes in chunks; empty ones are left out.
 *
 * @throws DomicileError `TOO_LARGE` for a line over 64 MiB.
 */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncIterable<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE)
      throw new DomicileError('TOO_LARGE', 'expected lines of at most 64 MiB, found a longer one');
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  if (rest.trim() !== '') yield rest;
}
