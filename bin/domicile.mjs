#!/usr/bin/env node
/** The published executable: the compiled command line, or in a checkout the sources themselves. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stripsTypes } from './node-version.mjs';

if (!stripsTypes(process.versions.node)) {
  console.error(
    `domicile: expected Node 22.18 or later, found ${process.versions.node}: install a current Node from https://nodejs.org`,
  );
  process.exit(70);
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiled = join(root, 'dist', 'cli', 'main.js');
const main = existsSync(compiled) ? compiled : join(root, 'src', 'cli', 'main.ts');
process.argv[1] = main;
await import(pathToFileURL(main).href);
