import { canonicalJson, isJsonObject } from '../core/index.ts';
import { jsonOf, textOf, toHex } from './bytes.ts';
import type { OpenedEnvelope } from './dsse.ts';
import { openEnvelope, preAuthEncoding } from './dsse.ts';
import type { TrustedKey, VerifyCrypto } from './key.ts';
import type { ReportFiles } from './report-files.ts';
import { MANIFEST_FILE, PACK_FILE, PAGE_FILE, RESULT_FILE, STATEMENT_FILE } from './report-files.ts';
import type { ReadStatement, Subject } from './statement.ts';
import { PACK_TYPE, RESIDENCY_TYPE, readStatement } from './statement.ts';

/** What was checked, in this order. The first that fails ends the verification. */
export const STEPS = [
  'files',
  'envelope',
  'signature',
  'statement',
  'subjects',
  'evidence',
  'result',
  'page',
  'pack-signature',
  'pack-files',
] as const;

export type StepId = (typeof STEPS)[number];

/** One step and what came of it. */
export interface VerifyStep {
  readonly id: StepId;
  readonly status: 'ok' | 'failed' | 'not-reached';
  readonly detail: string;
}

/** What the signed statement says, once it is known to be genuine. */
export interface GenuineReport {
  readonly verdict: string;
  readonly marks: readonly string[];
  readonly predicate: Readonly<Record<string, unknown>>;
  /** SHA-256 of the statement's payload, by which the next report names this one. */
  readonly statementDigest: string;
}

export interface VerifyOutcome {
  readonly steps: readonly VerifyStep[];
  /** Absent where a step failed. */
  readonly genuine?: GenuineReport;
}

/** What is wrong, as `expected X, found Y`. Thrown inside only: damaged input is an answer, not an error. */
class Refusal extends Error {}

/**
 * Checks a report with nothing but its files and a public key. Never throws for damaged input: it says which
 * step failed and why.
 */
export async function verifyReport(
  files: ReportFiles,
  key: TrustedKey,
  crypto: VerifyCrypto,
): Promise<VerifyOutcome> {
  const state: VerifyState = { files, key, crypto, digests: new Map() };
  const done: VerifyStep[] = [];
  for (const id of STEPS) {
    try {
      done.push({ id, status: 'ok', detail: await RUN[id](state) });
    } catch (error) {
      const detail =
        error instanceof Refusal ? error.message : 'expected a readable file, found one that cannot be read';
      done.push({ id, status: 'failed', detail });
      const rest = STEPS.slice(done.length).map(
        (later): VerifyStep => ({ id: later, status: 'not-reached', detail: '' }),
      );
      return { steps: [...done, ...rest] };
    }
  }
  return { steps: done, genuine: await genuineReport(state) };
}

/** What the steps hand on: each finds what the one before has proven. */
interface VerifyState {
  readonly files: ReportFiles;
  readonly key: TrustedKey;
  readonly crypto: VerifyCrypto;
  readonly digests: Map<string, string>;
  paths?: readonly string[];
  envelope?: OpenedEnvelope;
  statement?: ReadStatement;
}

const RUN: Readonly<Record<StepId, (state: VerifyState) => Promise<string>>> = {
  files: async (state) => {
    state.paths = await state.files.list();
    for (const path of [STATEMENT_FILE, PACK_FILE, RESULT_FILE, PAGE_FILE, MANIFEST_FILE]) {
      if (!state.paths.includes(path)) throw new Refusal(`expected the file ${path}, found none`);
    }
    return `${state.paths.length} files`;
  },
  envelope: async (state) => {
    state.envelope = await opened(state, STATEMENT_FILE);
    return 'well-formed, one signature';
  },
  signature: async (state) => {
    await checkSignature(state, proven(state.envelope), STATEMENT_FILE);
    return 'ECDSA P-256, by the given key';
  },
  statement: async (state) => {
    const statement = readStatement(proven(state.envelope), RESIDENCY_TYPE);
    if (typeof statement === 'string') throw new Refusal(statement);
    state.statement = statement;
    return `in-toto Statement v1, ${RESIDENCY_TYPE}`;
  },
  subjects: async (state) => {
    const { subjects } = proven(state.statement);
    for (const name of [RESULT_FILE, MANIFEST_FILE]) {
      if (!subjects.some((subject) => subject.name === name))
        throw new Refusal(`expected ${name} among the subjects, found none`);
    }
    for (const subject of subjects) await checkDigest(state, subject);
    return `${subjects.length} signed files have their digests`;
  },
  evidence: checkEvidence,
  result: checkResult,
  page: checkPage,
  'pack-signature': async (state) => {
    await checkSignature(state, await opened(state, PACK_FILE), PACK_FILE);
    return 'ECDSA P-256, by the same key';
  },
  'pack-files': checkPack,
};

/** Every listed item is there with its digest, and nothing is there that is not listed. */
async function checkEvidence(state: VerifyState): Promise<string> {
  const manifest = jsonOf(await state.files.read(MANIFEST_FILE));
  const items = isJsonObject(manifest) && Array.isArray(manifest['items']) ? manifest['items'] : undefined;
  if (items === undefined) throw new Refusal('expected a manifest with its items, found something else');
  const listed = new Set<string>([MANIFEST_FILE]);
  for (const item of items) {
    if (!isJsonObject(item) || typeof item['id'] !== 'string' || typeof item['sha256'] !== 'string') {
      throw new Refusal('expected every evidence item to have an id and a SHA-256, found one without');
    }
    const name = `evidence/${item['id']}`;
    listed.add(name);
    await checkDigest(state, { name, sha256: item['sha256'] });
  }
  const extra = (state.paths ?? []).find((path) => path.startsWith('evidence/') && !listed.has(path));
  if (extra !== undefined) throw new Refusal(`expected only listed evidence, found ${extra} as well`);
  return `${items.length} evidence items have their digests`;
}

/** The signed predicate and the result say the same. */
async function checkResult(state: VerifyState): Promise<string> {
  const result = jsonOf(await state.files.read(RESULT_FILE));
  if (!isJsonObject(result))
    throw new Refusal('expected result.json to be a JSON object, found something else');
  const { predicate } = proven(state.statement);
  for (const member of ['verdict', 'marks', 'counts', 'coverage', 'provenance', 'auditor', 'tool'] as const) {
    if (canonicalJson(result[member] ?? null) !== canonicalJson(predicate[member] ?? null)) {
      throw new Refusal(`expected the statement and result.json to agree on ${member}, found a difference`);
    }
  }
  return `verdict ${String(predicate['verdict'])}`;
}

/** The page shows the very envelope that was verified. */
async function checkPage(state: VerifyState): Promise<string> {
  const page = textOf(await state.files.read(PAGE_FILE));
  const envelope = textOf(await state.files.read(STATEMENT_FILE));
  if (page === undefined || envelope === undefined)
    throw new Refusal('expected UTF-8 text, found something else');
  const escaped = envelope.trimEnd().replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  if (!page.includes(`<pre class="envelope" id="statement">${escaped}</pre>`)) {
    throw new Refusal('expected report.html to hold the signed statement, found another one');
  }
  return 'report.html holds the signed statement';
}

async function checkPack(state: VerifyState): Promise<string> {
  const pack = readStatement(await opened(state, PACK_FILE), PACK_TYPE);
  if (typeof pack === 'string') throw new Refusal(pack);
  const digest = await digestOfStatement(state);
  if (pack.predicate['statement'] !== digest)
    throw new Refusal('expected the pack of this statement, found that of another');
  const names = new Set(pack.subjects.map(({ name }) => name));
  const extra = (state.paths ?? []).find((path) => path !== PACK_FILE && !names.has(path));
  if (extra !== undefined) throw new Refusal(`expected only packed files, found ${extra} as well`);
  for (const subject of pack.subjects) await checkDigest(state, subject);
  return `${pack.subjects.length} files, none more, none missing`;
}

async function opened({ files }: VerifyState, path: string): Promise<OpenedEnvelope> {
  const envelope = openEnvelope(await files.read(path));
  if (typeof envelope === 'string') throw new Refusal(`${path}: ${envelope}`);
  return envelope;
}

async function checkSignature(
  { key, crypto }: VerifyState,
  envelope: OpenedEnvelope,
  path: string,
): Promise<void> {
  const message = preAuthEncoding(envelope.payloadType, envelope.payload);
  if (await crypto.verifyEcdsaP256Sha256(key.spki, message, envelope.signature)) return;
  throw new Refusal(`${path}: expected a signature by the given key, found one that is not`);
}

async function checkDigest(state: VerifyState, { name, sha256 }: Subject): Promise<void> {
  if (!(state.paths ?? []).includes(name)) throw new Refusal(`expected the file ${name}, found none`);
  const known = state.digests.get(name) ?? toHex(await state.crypto.sha256(await state.files.read(name)));
  state.digests.set(name, known);
  if (known !== sha256) throw new Refusal(`${name}: expected SHA-256 ${sha256}, found ${known}`);
}

async function digestOfStatement(state: VerifyState): Promise<string> {
  return toHex(await state.crypto.sha256(proven(state.envelope).payload));
}

async function genuineReport(state: VerifyState): Promise<GenuineReport> {
  const { predicate } = proven(state.statement);
  const marks = Array.isArray(predicate['marks'])
    ? predicate['marks'].filter((mark) => typeof mark === 'string')
    : [];
  return {
    verdict: String(predicate['verdict']),
    marks,
    predicate,
    statementDigest: await digestOfStatement(state),
  };
}

function proven<T>(value: T | undefined): T {
  if (value === undefined) throw new Refusal('expected the step before to have succeeded');
  return value;
}
