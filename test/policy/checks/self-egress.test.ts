import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/index.ts';
import { DEPLOYMENT, judged } from '../../support/check-case.ts';
import { runDraft } from '../../support/run-sample.ts';

const RECORD = {
  time: '2026-11-22T20:10:00Z',
  purpose: 'postgres:gateway',
  host: 'db.example',
  port: 5432,
  address: '52.80.14.21',
  location: { kind: 'located', country: 'CN' },
  decision: 'allowed',
  rule: 'database:gateway',
  outcome: 'connected',
  code: '',
  bytesSent: 10,
  bytesReceived: 10,
};

const stayed = async (connections: Json): Promise<readonly string[]> => {
  const { verdict, findings, reasons } = await judged({
    check: 'self.egress',
    deployment: DEPLOYMENT,
    countries: ['CN'],
    drafts: [runDraft('auditor.connections', { schemaVersion: 1, connections })],
  });
  return [verdict, ...findings.map(({ resource }) => resource), ...reasons.map(({ code }) => code)];
};

describe('self.egress', () => {
  it('passes where every connection stayed, or went inside the own network', async () => {
    expect(
      await stayed([RECORD, { ...RECORD, address: '10.0.0.7' }, { ...RECORD, address: '127.0.0.1' }]),
    ).toEqual(['pass']);
  });

  it('fails for a connection abroad, whatever its log says of the place', async () => {
    expect(await stayed([{ ...RECORD, address: '160.79.104.10' }])).toEqual(['fail', '160.79.104.10']);
  });

  it('fails for an attempt that did not connect: its first packet went out', async () => {
    expect(await stayed([{ ...RECORD, address: '160.79.104.10', outcome: 'failed' }])).toEqual([
      'fail',
      '160.79.104.10',
    ]);
  });

  it('tells of a refused connection, which was never opened', async () => {
    const refused = { ...RECORD, address: '160.79.104.10', decision: 'refused', outcome: 'not-dialled' };
    expect(await stayed([refused])).toEqual(['pass']);
  });

  it.each<[string, Json, string]>([
    ['an address of many places', [{ ...RECORD, address: '1.1.1.1' }], 'LOCATION_DISPUTED'],
    ['no address', [{ ...RECORD, address: '' }], 'UNKNOWN_VALUE'],
    [
      'a decision that nobody knows',
      [{ ...RECORD, address: '', decision: 'maybe', outcome: 'not-dialled' }],
      'UNKNOWN_VALUE',
    ],
    ['an entry that is none', ['x'], 'UNREADABLE'],
    ['no list', null, 'UNREADABLE'],
  ])('cannot tell for %s', async (_, connections, code) => {
    expect(await stayed(connections)).toEqual(['inconclusive', code]);
  });
});
