import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../core/index.ts';
import { byCodeUnit, DomicileError, isJsonObject } from '../core/index.ts';

/** Folders of the project that hold its own data: beside `src/` in a checkout, shipped in the package. */
export type ProjectFolder = 'policies' | 'policies/data-maps' | 'schemas' | 'data';

/**
 * The folder that holds `policies/` and `schemas/`. Found by walking up from this module, since it stands at
 * `src/config/` in a checkout and somewhere under `dist/` in an installed package.
 *
 * @throws DomicileError `NOT_FOUND` where the installation lacks them.
 */
export function projectRoot(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'policies')) && existsSync(join(folder, 'schemas'))) return folder;
    if (dirname(folder) !== folder) continue;
    throw new DomicileError('NOT_FOUND', {
      message: `expected the folders policies and schemas above ${from}, found none`,
      hint: 'install the package again',
    });
  }
}

/** The path of one of the project's own files. */
export function projectFile(folder: ProjectFolder, name: string): string {
  return join(projectRoot(), folder, name);
}

/** The paths of a folder's files with an extension, by name; none where the folder is absent. */
export function projectFiles(folder: ProjectFolder, extension: string): readonly string[] {
  const path = join(projectRoot(), folder);
  return existsSync(path) ? filesIn(path, extension) : [];
}

/** The paths of the files in a folder that end with an extension, by name. */
function filesIn(folder: string, extension: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(folder, entry.name))
    .sort(byCodeUnit);
}

/** The schemas that the project reads files by. */
export type SchemaName = 'inventory' | 'waivers' | 'policy' | 'legal-texts' | 'data-map';

const schemas = new Map<SchemaName, JsonObject>();

/**
 * One of the project's JSON Schemas.
 *
 * @throws DomicileError `NOT_FOUND` where it is absent, `INTERNAL` where it is no JSON object.
 */
export function projectSchema(name: SchemaName): JsonObject {
  const known = schemas.get(name);
  if (known !== undefined) return known;
  const path = projectFile('schemas', `${name}.schema.json`);
  if (!existsSync(path))
    throw new DomicileError('NOT_FOUND', `expected the schema ${name}, found no ${path}`);
  const schema: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isJsonObject(schema)) throw new DomicileError('INTERNAL', `expected ${path} to hold an object`);
  schemas.set(name, schema);
  return schema;
}
