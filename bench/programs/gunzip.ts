import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * The floor under every reader of log objects: inflates each file of a folder whole, with the output size given.
 * Usage: gunzip.ts FOLDER [COUNT]; COUNT 0 measures the start of the program alone.
 */
const [folder = '', count] = process.argv.slice(2);
const names = readdirSync(folder).sort();
let total = 0;
for (const name of names.slice(0, count === undefined ? names.length : Number(count))) {
  const bytes = readFileSync(join(folder, name));
  total += gunzipSync(bytes, { chunkSize: bytes.readUInt32LE(bytes.length - 4) + 64 }).length;
}
console.log(total);
