import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../src/core/index.ts';
import type { RunHistory } from '../../src/storage/index.ts';
import { openLedger } from '../../src/storage/index.ts';

/**
 * What is wrong with a deployment's reports after whatever was done to its workers: every slot that was due must
 * have exactly one report or a stated abort, and every link of the chain its own whole report.
 */
export async function brokenPromises(
  root: string,
  deployment: string,
  slots: readonly string[],
): Promise<readonly string[]> {
  const history = await openLedger(root, deployment).history();
  // A report's folder; the archive beside it is made from it.
  const folders = readdirSync(join(root, deployment), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d+-/.test(entry.name))
    .map(({ name }) => name);
  return [
    ...slots.flatMap((slot) => slotFaults(history, slot)),
    ...history.reports.flatMap(({ folder, statement }) => {
      const path = join(root, deployment, folder, 'statement.dsse.json');
      if (!existsSync(path)) return [`${folder} is in the chain and not there`];
      return statementOf(path) === statement ? [] : [`${folder} is not the report of its link`];
    }),
    ...folders
      .filter((name) => !history.reports.some(({ folder }) => folder === name))
      .map((name) => `${name} is there and not in the chain`),
  ];
}

function slotFaults({ runs, reports }: RunHistory, slot: string): readonly string[] {
  const written = reports.filter((report) => report.slot === slot).length;
  const ids = new Set(
    runs.flatMap((entry) => (entry.type === 'started' && entry.slot === slot ? [entry.runId] : [])),
  );
  const last = runs.findLast(({ runId }) => ids.has(runId));
  const stated = last?.type === 'aborted';
  if (written > 1) return [`${slot} has ${written} reports`];
  if (written === 0 && !stated) return [`${slot} has neither a report nor a stated abort`];
  return [];
}

function statementOf(path: string): string {
  const { payload } = JSON.parse(readFileSync(path, 'utf8')) as { readonly payload: string };
  return sha256Hex(Buffer.from(payload, 'base64'));
}
