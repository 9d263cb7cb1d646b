import type { JsonObject } from '../core/index.ts';
import { canonicalJson, DomicileError, isJsonObject } from '../core/index.ts';
import { jsonOf, textOf, toHex } from './bytes.ts';
import type { OpenedEnvelope } from './dsse.ts';
import { openEnvelope, preAuthEncoding } from './dsse.ts';
import type { TrustedKey, VerifyCrypto } from './key.ts';
import type { ReportFiles } from './report-files.ts';
import { MANIFEST_FILE, PACK_FILE, PAGE_FILE, RESULT_FILE, STATEMENT_FILE } from './report-files.ts';
import type { ReadStatement, Subject } from './statement.ts';
import { PACK_TYPE, RESIDENCY_TYPE, readStatement, unknownVersion } from './statement.ts';
import type { SignedVerdict } from './verdict.ts';
import { readVerdict } from './verdict.ts';

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
  /** `unknown`: made by a later version than this reader, which therefore can say neither. */
  readonly status: 'ok' | 'failed' | 'unknown' | 'not-reached';
  readonly detail: string;
}

/** What the signed statement says, once it is known to be genuine. */
export interface GenuineReport extends SignedVerdict {
  readonly predicate: JsonObject;
  /** SHA-256 of the statement's payload, by which the next report names this one. */
  readonly statementDigest: string;
}

export interface VerifyOutcome {
  readonly steps: readonly VerifyStep[];
  /** Absent where a step did not end well. */
  readonly genuine?: GenuineReport;
}

/** What is wrong, as `expected X, found Y`. Thrown inside only: damaged input is an answer, not an error. */
class Refusal extends Error {
  readonly status: 'failed' | 'unknown';

  constructor(message: string, status: 'failed' | 'unknown' = 'failed') {
    super(message);
    this.status = status;
  }
}

/**
 * Checks a report with nothing but its files and a public key. Never throws for damaged input: it says which
 * step failed and why.
 */
export async function verifyReport(
  files: ReportFiles,
  key: TrustedKey,
  crypto: VerifyCrypto,
): Promise<VerifyOutcome> {
  const state: VerifyState = { files, key, crypto, read: new Map(), digests: new Map() };
  const done: VerifyStep[] = [];
  for (const id of STEPS) {
    try {
      done.push({ id, status: 'ok', detail: await RUN[id](state) });
    } catch (error) {
      const rest = STEPS.slice(done.length + 1);
      return {
        steps: [
          ...done,
          { id, ...refusalOf(error) },
          ...rest.map((later): VerifyStep => ({ id: later, status: 'not-reached', detail: '' })),
        ],
      };
    }
  }
  return { steps: done, ...(state.genuine === undefined ? {} : { genuine: state.genuine }) };
}

/** Our own errors hold no content and say what is wrong; the system's may hold anything. */
function refusalOf(error: unknown): Pick<VerifyStep, 'status' | 'detail'> {
  if (error instanceof Refusal) return { status: error.status, detail: error.message };
  const detail =
    error instanceof DomicileError
      ? error.message
      : 'expected a readable file, found one that cannot be read';
  return { status: 'failed', detail };
}

/** What the steps hand on: each finds what the one before has proven. */
interface VerifyState {
  readonly files: ReportFiles;
  readonly key: TrustedKey;
  readonly crypto: VerifyCrypto;
  /** The named files of a report, read once: what was checked is what is used, whatever the disk says later. */
  readonly read: Map<string, Uint8Array>;
  readonly digests: Map<string, string>;
  paths?: ReadonlySet<string>;
  envelope?: OpenedEnvelope;
  statement?: ReadStatement;
  genuine?: GenuineReport;
}

const NAMED_FILES: readonly string[] = [STATEMENT_FILE, PACK_FILE, RESULT_FILE, PAGE_FILE, MANIFEST_FILE];

const RUN: Readonly<Record<StepId, (state: VerifyState) => Promise<string>>> = {
  files: async (state) => {
    state.paths = new Set(await state.files.list());
    for (const path of NAMED_FILES) {
      if (!state.paths.has(path)) throw new Refusal(`expected the file ${path}, found none`);
    }
    return `${state.paths.size} files`;
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
    state.statement = statementIn(proven(state.envelope), RESIDENCY_TYPE);
    if (readVerdict(state.statement.predicate) === undefined)
      throw new Refusal('expected a verdict and marks in the predicate, found none');
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
  const manifest = jsonOf(await bytesOf(state, MANIFEST_FILE));
  demandVersion(MANIFEST_FILE, manifest);
  const items = isJsonObject(manifest) && Array.isArray(manifest['items']) ? manifest['items'] : undefined;
  if (items === undefined) throw new Refusal('expected a manifest with its items, found something else');
  const listed = new Set<string>([MANIFEST_FILE]);
  for (const item of items) {
    if (!isJsonObject(item) || typeof item['id'] !== 'string' || typeof item['sha256'] !== 'string') {
      throw new Refusal('expected every evidence item to have an id and a SHA-256, found one without');
    }
    const name = `evidence/${item['id']}`;
    if (listed.has(name)) throw new Refusal('expected every evidence item once, found one twice');
    listed.add(name);
    await checkDigest(state, { name, sha256: item['sha256'] });
  }
  const extra = [...proven(state.paths)].find((path) => path.startsWith('evidence/') && !listed.has(path));
  if (extra !== undefined)
    throw new Refusal(`expected only listed evidence, found ${nameText(extra)} as well`);
  return `${items.length} evidence items have their digests`;
}

const SIGNED_MEMBERS = ['verdict', 'marks', 'counts', 'coverage', 'provenance', 'auditor', 'tool'] as const;
const SIGNED_RUN = ['id', 'slot', 'sequence', 'previous', 'startedAt', 'window', 'validUntil'] as const;
const SIGNED_DEPLOYMENT = [
  'id',
  'customer',
  'operator',
  'tenancy',
  'partition',
  'region',
  'jurisdiction',
] as const;
const SIGNED_CONTROL = ['id', 'check', 'verdict', 'waived'] as const;

/** The signed predicate and the result say the same. */
async function checkResult(state: VerifyState): Promise<string> {
  const result = jsonOf(await bytesOf(state, RESULT_FILE));
  demandVersion(RESULT_FILE, result);
  const { predicate } = proven(state.statement);
  demandSame('the report', SIGNED_MEMBERS, result, predicate);
  demandSame('the run', SIGNED_RUN, memberOf(result, 'run'), memberOf(predicate, 'run'));
  const [shown, signed] = [memberOf(result, 'deployment'), memberOf(predicate, 'deployment')];
  demandSame('the deployment', SIGNED_DEPLOYMENT, shown, signed);
  const [controls, signedControls] = [memberOf(result, 'controls'), memberOf(predicate, 'controls')];
  if (!Array.isArray(controls) || !Array.isArray(signedControls) || controls.length !== signedControls.length)
    throw new Refusal('expected the statement and result.json to name the same controls, found others');
  for (const [index, control] of controls.entries())
    demandSame('a control', SIGNED_CONTROL, control, signedControls[index]);
  return `verdict ${proven(readVerdict(predicate)).verdict}`;
}

function demandSame(what: string, members: readonly string[], shown: unknown, signed: unknown): void {
  for (const member of members) {
    if (canonicalJson(memberOf(shown, member)) === canonicalJson(memberOf(signed, member))) continue;
    throw new Refusal(
      `expected the statement and result.json to agree on ${member} of ${what}, found a difference`,
    );
  }
}

/** A member of an object, or null where there is none. */
function memberOf(value: unknown, member: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, member) ? (value[member] ?? null) : null;
}

/** All our files are of version 1 so far. A later one is not wrong, but it cannot be read here. */
function demandVersion(path: string, value: unknown): void {
  const version = memberOf(value, 'schemaVersion');
  if (version === 1) return;
  if (!Number.isInteger(version))
    throw new Refusal(`expected ${path} to be JSON with a schema version, found none`);
  throw new Refusal(
    unknownVersion(`${path} of schema version 1`, `version ${String(version)}`).why,
    'unknown',
  );
}

/** The page shows the very envelope that was verified. */
async function checkPage(state: VerifyState): Promise<string> {
  const page = textOf(await bytesOf(state, PAGE_FILE));
  const envelope = textOf(await bytesOf(state, STATEMENT_FILE));
  if (page === undefined || envelope === undefined)
    throw new Refusal('expected UTF-8 text, found something else');
  const escaped = envelope.trimEnd().replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  if (!page.includes(`<pre class="envelope" id="statement">${escaped}</pre>`)) {
    throw new Refusal('expected report.html to hold the signed statement, found another one');
  }
  return 'report.html holds the signed statement';
}

async function checkPack(state: VerifyState): Promise<string> {
  const pack = statementIn(await opened(state, PACK_FILE), PACK_TYPE);
  const statementDigest = toHex(await state.crypto.sha256(proven(state.envelope).payload));
  if (pack.predicate['statement'] !== statementDigest)
    throw new Refusal('expected the pack of this statement, found that of another');
  const names = new Set(pack.subjects.map(({ name }) => name));
  const extra = [...proven(state.paths)].find((path) => path !== PACK_FILE && !names.has(path));
  if (extra !== undefined) throw new Refusal(`expected only packed files, found ${nameText(extra)} as well`);
  for (const subject of pack.subjects) await checkDigest(state, subject);
  const { predicate } = proven(state.statement);
  state.genuine = { ...proven(readVerdict(predicate)), predicate, statementDigest };
  return `${pack.subjects.length} files, none more, none missing`;
}

function statementIn(envelope: OpenedEnvelope, type: string): ReadStatement {
  const reading = readStatement(envelope, type);
  if (reading.kind === 'statement') return reading;
  throw new Refusal(reading.why, reading.kind === 'wrong' ? 'failed' : 'unknown');
}

async function opened(state: VerifyState, path: string): Promise<OpenedEnvelope> {
  const envelope = openEnvelope(await bytesOf(state, path));
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
  if (!proven(state.paths).has(name)) throw new Refusal(`expected the file ${nameText(name)}, found none`);
  const known = state.digests.get(name) ?? toHex(await state.crypto.sha256(await bytesOf(state, name)));
  state.digests.set(name, known);
  if (known !== sha256) throw new Refusal(`${nameText(name)}: expected SHA-256 ${sha256}, found ${known}`);
}

async function bytesOf({ files, read }: VerifyState, path: string): Promise<Uint8Array> {
  const bytes = read.get(path) ?? (await files.read(path));
  if (NAMED_FILES.includes(path)) read.set(path, bytes);
  return bytes;
}

/** A file name as it may stand in a message on a terminal: whoever altered the report may have chosen it. */
function nameText(path: string): string {
  return /^[A-Za-z0-9._/@+-]{1,300}$/.test(path)
    ? path
    : JSON.stringify(path.slice(0, 300)).replaceAll(/[^ -~]/g, '?');
}

function proven<T>(value: T | undefined): T {
  if (value === undefined) throw new Refusal('expected the step before to have succeeded');
  return value;
}
