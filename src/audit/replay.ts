import { RESULT_FILE, STATEMENT_FILE } from '../attestation/index.ts';
import { canonicalBytes, canonicalJson, DomicileError, isJsonArray, isJsonObject } from '../core/index.ts';
import { loadEvidence } from '../evidence/index.ts';
import type { Result } from '../policy/index.ts';
import { openEvidenceDirectory } from '../storage/index.ts';
import type { ReportFiles } from '../verification/index.ts';
import { openEnvelope } from '../verification/index.ts';
import { statementOf } from './attest-report.ts';
import { evaluateEvidence } from './evaluate-evidence.ts';
import type { Project } from './project.ts';
import { readRunInputs } from './run-inputs.ts';

/** One place where a replay and the stored report differ: a path into the result, and both values in short. */
export interface Difference {
  readonly path: string;
  readonly stored: string;
  readonly replayed: string;
}

export interface ReplayOutcome {
  readonly result: Result;
  readonly differences: readonly Difference[];
}

const MOST_DIFFERENCES = 50;

/**
 * Evaluates a report's own evidence again and compares: the result byte for byte, and the unsigned statement.
 *
 * @throws DomicileError `BAD_INPUT` where another version of the tool, or other data sets, made the report: then
 * a difference would say nothing.
 */
export async function replayReport(
  report: ReportFiles & { readonly path: string },
  instruments: Pick<Project, 'checks' | 'locator' | 'dataSets'>,
  toolVersion: string,
): Promise<ReplayOutcome> {
  const store = await openEvidenceDirectory(`${report.path}/evidence`);
  const evidence = await loadEvidence(store);
  const inputs = readRunInputs(evidence);
  requireSame('tool version', inputs.facts.toolVersion, toolVersion);
  for (const { id, sha256 } of inputs.dataSets) {
    requireSame(
      `data set ${id}`,
      sha256,
      instruments.dataSets.find((set) => set.id === id)?.sha256 ?? 'none',
    );
  }
  const result = evaluateEvidence(evidence, instruments);
  const stored = await report.read(RESULT_FILE);
  const differences = sameBytes(stored, canonicalBytes(result))
    ? []
    : differencesOf(parse(stored), JSON.parse(canonicalJson(result)), '');
  const statement = statementOf(result, await store.manifest());
  const signed = openEnvelope(await report.read(STATEMENT_FILE));
  const agrees = typeof signed !== 'string' && sameBytes(signed.payload, statement);
  return {
    result,
    differences: [
      ...differences.slice(0, MOST_DIFFERENCES),
      ...(agrees ? [] : [{ path: STATEMENT_FILE, stored: 'the signed statement', replayed: 'another one' }]),
    ],
  };
}

function requireSame(what: string, expected: string, found: string): void {
  if (expected === found) return;
  throw new DomicileError('BAD_INPUT', {
    message: `expected ${what} ${expected}, with which the report was made, found ${found}`,
    hint: 'replay it with the version of domicile that made it',
  });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function differencesOf(stored: unknown, replayed: unknown, path: string): readonly Difference[] {
  if (isJsonArray(stored) && isJsonArray(replayed)) {
    const length = Math.max(stored.length, replayed.length);
    return Array.from({ length }, (_, index) =>
      differencesOf(stored[index], replayed[index], `${path}[${index}]`),
    ).flat();
  }
  if (isJsonObject(stored) && isJsonObject(replayed)) {
    const names = [...new Set([...Object.keys(stored), ...Object.keys(replayed)])].sort();
    return names.flatMap((name) =>
      differencesOf(stored[name], replayed[name], path === '' ? name : `${path}.${name}`),
    );
  }
  if (shown(stored) === shown(replayed)) return [];
  return [{ path: path === '' ? RESULT_FILE : path, stored: shown(stored), replayed: shown(replayed) }];
}

const LONGEST_SHOWN = 200;

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : canonicalJson(value);
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}...`;
}
