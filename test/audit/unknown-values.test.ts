import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlantId } from '../../sim/plants.ts';
import type { EmbeddedPostgres } from '../../sim/postgres.ts';
import { startPostgres } from '../../sim/postgres.ts';
import { createRandom } from '../../sim/random.ts';
import type { Sample } from '../../sim/samples.ts';
import { SAMPLES } from '../../sim/samples.ts';
import type { Instruments } from '../../src/audit/evaluate-evidence.ts';
import { evaluateEvidence } from '../../src/audit/evaluate-evidence.ts';
import { readRunInputs } from '../../src/audit/run-inputs.ts';
import type { Json } from '../../src/core/index.ts';
import { isJsonArray, isJsonObject } from '../../src/core/index.ts';
import type { LoadedEvidence } from '../../src/evidence/index.ts';
import type { Policy, Result } from '../../src/policy/index.ts';
import { plantedAudits } from '../support/planted-audit.ts';
import { instruments } from '../support/run-sample.ts';

const ACME = SAMPLES[0] as Sample;

/** One plant for each way in which an account can break a promise; those of the network are judged by the oracle. */
const PLANTS: readonly PlantId[] = [
  'rds-unencrypted',
  'rds-foreign-key',
  'bucket-abroad',
  'key-multi-region',
  'image-docker-hub',
  'image-foreign-registry',
  'image-pull-through',
  'flow-initiated-abroad',
];

/** Plants in rows: what the database scanner says of them is a thousand members, of which some are picked. */
const PLANTS_IN_ROWS: readonly PlantId[] = [
  'flow-initiated-abroad',
  'undeclared-table',
  'undeclared-key',
  'prompt-in-error',
  'key-plaintext',
];
const PICKED = 100;

/** What an API or a person can answer instead of what was expected. */
const ODDITIES: readonly (readonly [string, (value: Json) => Json | undefined])[] = [
  ['gone', () => undefined],
  ['null', () => null],
  ['unknown', () => 'SomethingNew'],
  // A list that is empty says that there are none: that is an answer.
  ['empty', (value) => (isJsonArray(value) ? undefined : isJsonObject(value) ? {} : '')],
  ['a number', () => 7],
];

/** Members whose every text is an answer: names that somebody chose. */
const FREE_NAMES: ReadonlySet<string | number | undefined> = new Set(['ecrRepositoryPrefix']);

let server: EmbeddedPostgres;
let tools: Instruments;

beforeAll(async () => {
  [server, tools] = await Promise.all([startPostgres(), instruments()]);
});

afterAll(() => server.stop());

describe('a finding does not turn into a pass', () => {
  it.each(PLANTS)('of %s, whatever single member is missing or odd', { timeout: 300_000 }, async (plant) => {
    const audits = await plantedAudits(server, ACME, tools);
    const evidence = failingOnly(await audits.evidence([plant]));
    const before = evaluateEvidence(evidence, tools);
    expect(before.controls.map(({ verdict }) => verdict)).not.toContain('pass');
    const wrong: string[] = [];
    for (const [name, changed] of oddities(evidence)) {
      const later = evaluateEvidence(changed, tools);
      wrong.push(...passing(later).map((control) => `${name}: ${control} passes`));
    }
    expect(wrong).toEqual([]);
  });
});

describe('nor does one of the database or the logs', () => {
  it.each(PLANTS_IN_ROWS)('of %s, for members picked at random', { timeout: 300_000 }, async (plant) => {
    const seed = Date.now() & 0x7fff_ffff;
    console.log(`odd members of ${plant}: seed ${seed}`);
    const random = createRandom(seed);
    const audits = await plantedAudits(server, ACME, tools);
    const evidence = failingOnly(await audits.evidence([plant]));
    const members = evidence.flatMap(({ item, body }, index) =>
      /^(?:postgres|flow-logs)\./.test(item.key.kind) && body !== undefined
        ? [...pathsOf(body, 10_000)].map((path) => ({ index, path }))
        : [],
    );
    // Whatever the finding is made of, and some of the rest.
    const telling = members.filter(({ path }) =>
      path.some((step) => step === 'violations' || step === 'detections' || step === 'rows'),
    );
    const picked = Array.from({ length: PICKED }, () => random.pick(members));
    const wrong: string[] = [];
    for (const [{ index, path }, [what, change]] of [...telling, ...picked].flatMap((one) =>
      ODDITIES.map((oddity) => [one, oddity] as const),
    )) {
      const { item, body } = evidence[index] ?? {};
      const changed = item === undefined || body === undefined ? undefined : changedAt(body, path, change);
      if (item === undefined || changed === undefined) continue;
      const later = evaluateEvidence(evidence.with(index, { item, body: changed }), tools);
      wrong.push(...passing(later).map((control) => `${path.join('.')} ${what}: ${control} passes`));
    }
    expect(wrong).toEqual([]);
  });
});

/** The same evidence under a policy of nothing but the controls that fail. */
function failingOnly(evidence: LoadedEvidence): LoadedEvidence {
  const failing = new Set(
    evaluateEvidence(evidence, tools)
      .controls.filter(({ verdict }) => verdict === 'fail')
      .map(({ id }) => id),
  );
  const policies = readRunInputs(evidence).policies.map(
    (policy): Policy => ({
      ...policy,
      controls: policy.controls.filter(({ id }) => failing.has(`${policy.id}/${id}`)),
    }),
  );
  const body = policies.filter(({ controls }) => controls.length > 0) as unknown as Json;
  return evidence.map((loaded) => (loaded.item.key.kind === 'run.policies' ? { ...loaded, body } : loaded));
}

function passing({ controls }: Result): readonly string[] {
  return controls.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
}

/** Every member of every answer of AWS, made odd, one at a time. Entries of a list beyond the sixth are like those before. */
function* oddities(evidence: LoadedEvidence): Generator<readonly [string, LoadedEvidence]> {
  for (const [index, loaded] of evidence.entries()) {
    const { item, body } = loaded;
    if (item.key.account === '' || body === undefined) continue;
    for (const path of pathsOf(body, 6)) {
      for (const [what, change] of ODDITIES) {
        if (what === 'unknown' && FREE_NAMES.has(path.at(-1))) continue;
        const changed = changedAt(body, path, change);
        if (changed === undefined) continue;
        const name = `${item.key.call} ${Object.values(item.key.parameters).join(' ')} ${path.join('.')} ${what}`;
        yield [name, evidence.with(index, { item, body: changed })];
      }
    }
  }
}

type Path = readonly (string | number)[];

function* pathsOf(value: Json, entries: number, path: Path = []): Generator<Path> {
  if (isJsonArray(value)) {
    for (const [index, entry] of value.slice(0, entries).entries())
      yield* pathsOf(entry, entries, [...path, index]);
  } else if (isJsonObject(value)) {
    for (const [member, inner] of Object.entries(value)) {
      yield [...path, member];
      yield* pathsOf(inner ?? null, entries, [...path, member]);
    }
  }
}

function changedAt(value: Json, path: Path, change: (value: Json) => Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (isJsonArray(value) && typeof step === 'number') {
    const entry = changedAt(value[step] ?? null, rest, change);
    return entry === undefined ? undefined : value.with(step, entry);
  }
  if (!isJsonObject(value) || typeof step !== 'string') return undefined;
  const { [step]: inner = null, ...others } = value;
  if (rest.length > 0) {
    const entry = changedAt(inner, rest, change);
    return entry === undefined ? undefined : { ...others, [step]: entry };
  }
  const changed = change(inner);
  return changed === undefined ? others : { ...others, [step]: changed };
}
