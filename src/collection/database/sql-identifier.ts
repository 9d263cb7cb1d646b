import { DomicileError } from '../../core/index.ts';

/**
 * A name as an SQL identifier, whatever it holds. Inside double quotes only the double quote is special
 * (PostgreSQL manual §4.1.1); NUL cannot be in a name at all.
 *
 * @throws DomicileError `BAD_INPUT` for an empty name or one with NUL.
 */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.includes('\0')) {
    throw new DomicileError(
      'BAD_INPUT',
      'expected a name that an SQL identifier can be, found an empty one or NUL',
    );
  }
  return `"${name.replaceAll('"', '""')}"`;
}
