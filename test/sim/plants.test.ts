import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLANT_IDS } from '../../sim/plants.ts';
import type { EmbeddedPostgres } from '../../sim/postgres.ts';
import { startPostgres } from '../../sim/postgres.ts';
import type { Sample } from '../../sim/samples.ts';
import { SAMPLES } from '../../sim/samples.ts';
import type { Instruments } from '../../src/audit/evaluate-evidence.ts';
import type { PlantedAudits } from '../support/planted-audit.ts';
import { expectedFindings, foundIn, openReasons, plantedAudits } from '../support/planted-audit.ts';
import { rememberingChecks } from '../support/remembering-checks.ts';
import { instruments } from '../support/run-sample.ts';

const [ACME, SINGAPORE, BANK] = SAMPLES as readonly [Sample, Sample, Sample];
const SUBSETS = 50;

let server: EmbeddedPostgres;
let tools: Instruments;
let acme: PlantedAudits;

beforeAll(async () => {
  const [started, { checks, locator }] = await Promise.all([startPostgres(), instruments()]);
  server = started;
  tools = { checks: rememberingChecks(checks, 'by-digest'), locator };
  acme = await plantedAudits(server, ACME, tools);
});

afterAll(() => server.stop());

describe('the audit of a sample', () => {
  it('finds nothing where nothing is planted', async () => {
    const result = await acme.result([]);
    expect(foundIn(result)).toEqual([]);
    expect(openReasons(result)).toEqual([]);
  });

  it.each(PLANT_IDS)('finds %s and nothing else', async (plant) => {
    const result = await acme.result([plant]);
    expect(foundIn(result)).toEqual(expectedFindings(ACME, [plant], tools));
    expect(openReasons(result)).toEqual([]);
  });

  it('finds all plants together', async () => {
    const result = await acme.result(PLANT_IDS);
    expect(foundIn(result)).toEqual(expectedFindings(ACME, PLANT_IDS, tools));
    expect(result.verdict).toBe('fail');
  });

  it(`finds exactly the plants, for ${SUBSETS} random subsets`, { timeout: 300_000 }, async () => {
    const seed = Date.now() & 0x7fff_ffff;
    console.log(`subsets of plants: fast-check seed ${seed}`);
    await fc.assert(
      fc.asyncProperty(fc.subarray([...PLANT_IDS]), async (plants) => {
        expect(foundIn(await acme.result(plants))).toEqual(expectedFindings(ACME, plants, tools));
      }),
      { numRuns: SUBSETS, seed },
    );
  });

  it('would notice a plant that the audit misses', () => {
    const missed = expectedFindings(ACME, ['plan-standard', 'bucket-abroad'], tools);
    expect(missed).not.toEqual(expectedFindings(ACME, ['plan-standard'], tools));
  });
});

describe('the other samples', () => {
  it('pass in Singapore, with positive evidence for every control', async () => {
    const result = await (await plantedAudits(server, SINGAPORE, tools)).result([]);
    expect(openReasons(result)).toEqual([]);
    expect(result.controls.map(({ verdict }) => verdict)).toEqual(result.controls.map(() => 'pass'));
    expect(result.controls.filter(({ positive }) => positive.length === 0)).toEqual([]);
    expect(result.verdict).toBe('pass');
  });

  it('are inconclusive in Frankfurt: a denied call, a missing log object, a table that the role may not read', async () => {
    const result = await (await plantedAudits(server, BANK, tools)).result([]);
    expect(result.verdict).toBe('inconclusive');
    expect(foundIn(result)).toEqual([]);
    const codes = result.controls.flatMap(({ reasons }) =>
      reasons.map(({ code, scope }) => `${code} ${scope}`),
    );
    expect(codes).toContain('ACCESS_DENIED kms:ListKeys (905418372240/eu-central-1)');
    expect(codes).toContain('ACCESS_DENIED gateway.public.audit_events');
    expect(codes.some((code) => code.startsWith('LOG_GAP AWSLogs/'))).toBe(true);
  });
});
