import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const SCHEMAS = join(import.meta.dirname, '..', '..', 'schemas');

/** The published schemas of what commands print, with the manifest's, to which they refer. */
const ajv = new Ajv2020.default({ allErrors: true, strict: false });
addFormats.default(ajv);
ajv.addSchema(JSON.parse(readFileSync(join(SCHEMAS, 'manifest.schema.json'), 'utf8')) as object);

export const OUTPUT_SCHEMAS: readonly string[] = readdirSync(join(SCHEMAS, 'outputs')).map((name) =>
  name.replace('.schema.json', ''),
);

/** What is wrong with a printed document, by its command's schema; empty where nothing is. */
export function outputFaults(name: string, text: string): readonly string[] {
  const path = join(SCHEMAS, 'outputs', `${name}.schema.json`);
  const schema = JSON.parse(readFileSync(path, 'utf8')) as { readonly $id: string };
  const validate = ajv.getSchema(schema.$id) ?? ajv.compile(schema);
  if (validate(JSON.parse(text))) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
