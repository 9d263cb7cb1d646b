import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';
import { SOLVER_FOLDER } from './solver.ts';

/** What the solver imports from other folders: the mutant shares it. */
const NEIGHBOURS = ['core', 'evidence', 'geo'];

/**
 * A copy of the solver with one fault, in a folder of its own; the product's code knows nothing of it.
 *
 * @throws Error where the text to change is not there exactly once: then the mutant is to be written anew.
 */
export function mutantFolder(mutant: Mutant): string {
  const root = mkdtempSync(join(tmpdir(), 'domicile-mutant-'));
  const folder = join(root, 'analysis', 'network');
  cpSync(SOLVER_FOLDER, folder, { recursive: true });
  for (const neighbour of NEIGHBOURS) {
    symlinkSync(join(SOLVER_FOLDER, '../..', neighbour), join(root, neighbour), 'dir');
  }
  const file = join(folder, mutant.file);
  writeFileSync(file, mutated(readFileSync(file, 'utf8'), mutant));
  return folder;
}

function mutated(text: string, { fault, file, from, to }: Mutant): string {
  const [before, after, ...more] = text.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(
      `expected the text of the mutant "${fault}" exactly once in ${file}, found it ${text.split(from).length - 1} times`,
    );
  }
  return `${before}${to}${after}`;
}
