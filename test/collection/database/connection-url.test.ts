import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConnectionUrl } from '../../../src/collection/database/connection-url.ts';
import { failureOf } from '../../../src/collection/database/failure.ts';
import { DomicileError } from '../../../src/core/index.ts';

const SECRET = 'hunter2-correct-horse';

function fault(text: string): string {
  try {
    parseConnectionUrl(text);
  } catch (error) {
    if (error instanceof DomicileError && error.code === 'BAD_INPUT') return error.message;
    throw error;
  }
  return '';
}

describe('a connection string', () => {
  it.each([
    [
      'postgres://u:p@db.example:6432/gateway',
      { host: 'db.example', port: 6432, database: 'gateway', user: 'u', password: 'p', tls: true },
    ],
    [
      'postgresql://u@localhost/g',
      { host: 'localhost', port: 5432, database: 'g', user: 'u', password: '', tls: false },
    ],
    [
      'postgres://u@[::1]/g?sslmode=require',
      { host: '::1', port: 5432, database: 'g', user: 'u', password: '', tls: true },
    ],
    [
      'postgres://u%40corp:p%2F%3A%40@db/a%20b?sslmode=disable',
      { host: 'db', port: 5432, database: 'a b', user: 'u@corp', password: 'p/:@', tls: false },
    ],
  ])('%s', (text, settings) => {
    expect(parseConnectionUrl(text)).toEqual(settings);
  });

  it.each([
    `host=db password=${SECRET}`,
    `mysql://u:${SECRET}@db/g`,
    `postgres://:${SECRET}@db/g`,
    `postgres://u:${SECRET}@/g`,
    `postgres://u:${SECRET}@db/`,
    `postgres://u:${SECRET}%zz@db/g`,
    `postgres://u:${SECRET}@db/g?sslmode=prefer`,
    `postgres://u:${SECRET}@db/g?sslmode=allow`,
    `postgres://u:${SECRET}@db/g?sslrootcert=/etc/x`,
    `postgres://u:${SECRET}@db/g?options=-c%20row_security%3Don`,
    `postgres://u:${SECRET}@db:99999/g`,
    `postgres://u:${SECRET}@a,b/g?target_session_attrs=any`,
    '',
  ])('is refused as %s, without a word of it', (text) => {
    const message = fault(text);
    expect(message).toContain('expected in the database’s'.replace('’', "'"));
    expect(message).not.toContain('hunter2');
  });

  it('whatever it is, is read or refused, and never repeated', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl().map((url) => url.replace(/^https?/, 'postgres')),
        ),
        fc.string({ minLength: 8 }),
        (text, secret) => {
          expect(fault(text)).not.toContain(secret);
          expect(fault(`postgres://u:${encodeURIComponent(secret.toWellFormed())}@${text}`)).not.toContain(
            secret,
          );
        },
      ),
    );
  });
});

describe('what a driver throws', () => {
  it('is a status and a code, never its words', () => {
    const thrown = (code: unknown): unknown =>
      Object.assign(new Error(`duplicate key (x)=(${SECRET})`), { code });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.constantFrom('42501', '57014', '08006', 'ECONNRESET', '28P01', undefined, 5),
        ),
        (code) => {
          const failure = failureOf(thrown(code));
          expect(failure.code).toMatch(/^[A-Z0-9_]{2,60}$/);
          expect(JSON.stringify(failure)).not.toContain('hunter2');
          expect(failure.status).not.toBe('complete');
        },
      ),
    );
  });

  it.each<[unknown, string]>([
    [new DomicileError('CANCELLED', 'x'), 'cancelled CANCELLED'],
    [new DomicileError('EGRESS_REFUSED', 'x'), 'unreachable EGRESS_REFUSED'],
    [new DomicileError('TOO_LARGE', 'x'), 'failed TOO_LARGE'],
    [new DomicileError('INTERNAL', 'x'), 'failed INTERNAL'],
    [new Error('the connection ended'), 'failed CONNECTION_LOST'],
    ['text', 'failed CONNECTION_LOST'],
    [undefined, 'failed CONNECTION_LOST'],
  ])('%s', (error, expected) => {
    const { status, code } = failureOf(error);
    expect(`${status} ${code}`).toBe(expected);
  });
});
