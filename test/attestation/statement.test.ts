import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildPackStatement, buildStatement, signStatement } from '../../src/attestation/index.ts';
import { validateJson } from '../../src/config/index.ts';
import type { JsonObject } from '../../src/core/index.ts';
import { createMemoryStore } from '../../src/evidence/index.ts';
import { openEnvelope } from '../../src/verification/index.ts';
import { sampleResult, testKey } from '../support/report.ts';

const schema = (name: string): JsonObject =>
  JSON.parse(
    readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), 'utf8'),
  ) as JsonObject;
const decoded = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

async function statementOf(over: Parameters<typeof sampleResult>[0] = {}): Promise<Uint8Array> {
  const manifest = await createMemoryStore().seal();
  return buildStatement({
    result: sampleResult(over),
    resultDigest: 'c'.repeat(64),
    manifest,
    manifestDigest: 'd'.repeat(64),
  });
}

describe('a report statement', () => {
  it('is as its published schema says', async () => {
    expect(validateJson(schema('statement'), decoded(await statementOf()) as JsonObject).problems).toEqual(
      [],
    );
  });

  it('is the same bytes for the same result, and others for another', async () => {
    expect(await statementOf()).toEqual(await statementOf());
    expect(await statementOf({ verdict: 'fail' })).not.toEqual(await statementOf());
  });

  it('names each reason code of a control once, in order', async () => {
    const [control] = sampleResult().controls;
    if (control === undefined) throw new Error('expected a control');
    const reasons = (['STALE', 'LOG_GAP', 'STALE'] as const).map((code) => ({
      code,
      scope: 'x',
      detail: '',
    }));
    const statement = decoded(await statementOf({ controls: [{ ...control, reasons }] }));
    expect(statement).toMatchObject({ predicate: { controls: [{ reasons: ['LOG_GAP', 'STALE'] }] } });
  });
});

describe('a pack statement', () => {
  const digest = 'e'.repeat(64);
  const files = [
    { name: 'b', sha256: 'a'.repeat(64) },
    { name: 'a', sha256: 'b'.repeat(64) },
  ];

  it('is as its published schema says, whatever order the files come in', () => {
    const pack = buildPackStatement(files, digest);
    expect(validateJson(schema('pack'), decoded(pack) as JsonObject).problems).toEqual([]);
    expect(buildPackStatement(files.toReversed(), digest)).toEqual(pack);
  });
});

describe('a signed statement', () => {
  it('is an envelope without a key hint that opens to the statement', async () => {
    const statement = await statementOf();
    const opened = openEnvelope(await signStatement(statement, testKey().signer));
    expect(opened).toMatchObject({ payload: statement, payloadType: 'application/vnd.in-toto+json' });
  });
});
