import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedSample } from '../../sim/database/seed.ts';
import { writeExportFolder } from '../../sim/export-folder.ts';
import { makeSample } from '../../sim/make-sample.ts';
import type { EmbeddedPostgres } from '../../sim/postgres.ts';
import { startPostgres } from '../../sim/postgres.ts';
import type { Sample } from '../../sim/samples.ts';
import { SAMPLE_SEED, SAMPLE_SLOT, SAMPLE_TIME, SAMPLES } from '../../sim/samples.ts';
import { writeInventory } from '../../sim/write-inventory.ts';
import type { Result } from '../../src/policy/index.ts';
import {
  ACCOUNT_PLACES,
  LOG_PLACES,
  markedLogs,
  markedRows,
  markedStack,
  ROW_PLACES,
  textsOf,
} from '../support/marked-sample.ts';
import type { Marker } from '../support/marker-search.ts';
import { markersFor, searchFolder, searchText } from '../support/marker-search.ts';
import { runSql } from '../support/postgres.ts';
import type { CommandOutcome } from '../support/shell.ts';
import { domicile } from '../support/shell.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => join(folder, ...names);
const REFUSAL = ['error text of a refused call', 'principal in an error text'] as const;
const MARKERS = markersFor([...ROW_PLACES, ...ACCOUNT_PLACES, ...LOG_PLACES, ...REFUSAL], 7);
const SAMPLE: Sample = { ...(SAMPLES[0] as Sample), plants: [] };
const INVENTORY = ['--deployment', SAMPLE.deployment, '--inventory', at('inventory', 'deployments.yaml')];

/** What the marked rows must come to: class and place. */
const FINDINGS = [
  'CONTENT_FOUND request_logs.error_text',
  'CONTENT_FOUND request_logs.metadata.route',
  'CONTENT_FOUND request_logs.metadata.*',
  'CONTENT_FOUND request_logs.request_tags[]',
  'CONTENT_FOUND teams.note',
  'CONTENT_FOUND scratch.text',
  'CONTENT_FOUND blobs.body',
  'CONTENT_FOUND blobs.search',
  'UNDECLARED_KEY request_logs.metadata.*',
  'UNDECLARED_COLUMN teams.note',
  'UNDECLARED_TABLE scratch',
  'UNDECLARED_TABLE peek',
  'CLASS_VIOLATED request_logs.model',
  'PLAINTEXT_KEY provider_credentials.api_key_ciphertext',
];

let server: EmbeddedPostgres;
const outcomes: CommandOutcome[] = [];

beforeAll(async () => {
  server = await startPostgres();
  const urls = await seedSample(server, SAMPLE, SAMPLE_SEED, { requests: 60 });
  await runSql(server, markedRows(textsOf(MARKERS, ROW_PLACES)), 'acme_cn_gateway');
  const { named, logs } = makeSample(SAMPLE, SAMPLE_SEED);
  const refusal = textsOf(MARKERS, REFUSAL);
  await writeExportFolder(
    at('export'),
    markedStack(named.stack, textsOf(MARKERS, ACCOUNT_PLACES)),
    markedLogs(logs, textsOf(MARKERS, LOG_PLACES)),
    SAMPLE_TIME,
    {
      refused: [
        {
          command: 'ecr describe-pull-through-cache-rules',
          error: `An error occurred (AccessDeniedException) when calling the DescribePullThroughCacheRules operation: User ${refusal['principal in an error text']} is not authorized: ${refusal['error text of a refused call']}`,
        },
      ],
    },
  );
  writeInventory(at('inventory'), [SAMPLE]);
  const run = async (...args: readonly string[]): Promise<void> => {
    outcomes.push(await domicile(args, { variables: urls }));
  };
  await run('keys', 'generate', '--out', at('key.pem'), '--demo');
  await run('plan', ...INVENTORY);
  await run('collect', ...INVENTORY, '--evidence', at('export'), '--out', at('written', 'store'));
  const audit = ['audit', ...INVENTORY, '--evidence', at('export'), '--out', at('written', 'reports')];
  await run(...audit, '--key', at('key.pem'), '--slot', SAMPLE_SLOT);
  await run('doctor', '--inventory', at('inventory', 'deployments.yaml'), '--key', at('key.pem'));
}, 120_000);

afterAll(() => server.stop());

describe('what a run writes', () => {
  it('holds findings in the places that were marked, so that the values were read', () => {
    const report = readFileSync(
      at('written', 'reports', 'acme-cn', '1-acme-cn-20261122T200000Z', 'result.json'),
      'utf8',
    );
    const { controls } = JSON.parse(report) as Pick<Result, 'controls'>;
    const found = controls.flatMap(({ findings }) =>
      findings.map(({ class: name, resource }) => `${name} ${resource}`),
    );
    expect(found).toEqual(
      expect.arrayContaining(FINDINGS.map((finding) => finding.replace(' ', ' gateway.public.'))),
    );
  });

  it('holds nothing of any marked value, key, environment, tag, log line or error, in any wrapping', () => {
    expect(searchFolder(at('written'), MARKERS)).toEqual([]);
  });

  it('nor does anything that it prints', () => {
    const printed = outcomes.flatMap(({ out, notes }) => [...out, ...notes]).join('\n');
    expect(searchText('output', printed, MARKERS)).toEqual([]);
  });
});

describe('the search', () => {
  const [marker] = markersFor(['a place'], 1) as readonly [Marker];
  const { text } = marker;
  const entry = deflateRawSync(`before ${text}`);
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(entry.length, 18);
  header.writeUInt16LE(1, 26);

  it.each<[string, Buffer | string]>([
    ['as it is', `x ${text} y`],
    ['cut', `x ${text.slice(9, 21)} y`],
    ['in small letters', text.toLowerCase()],
    ['backwards', text.split('').toReversed().join('')],
    ['in base64', Buffer.from(`ab${text}c`).toString('base64')],
    ['in base64, a byte further', Buffer.from(`abc${text}c`).toString('base64')],
    [
      'in base64 twice',
      Buffer.from(
        Buffer.from(`{"padding": "${'p'.repeat(40)}", "it": "${text}"}`).toString('base64'),
      ).toString('base64'),
    ],
    ['in hexadecimal', Buffer.from(text).toString('hex')],
    ['in UTF-16', Buffer.from(text, 'utf16le')],
    ['in gzip', gzipSync(text)],
    ['in gzip in gzip', gzipSync(gzipSync(text))],
    ['in a zip entry', Buffer.concat([header, Buffer.from('a'), entry])],
    ['in gzip in a zip entry', Buffer.concat([storedEntry(gzipSync(text))])],
    [
      'in a stream of a PDF',
      Buffer.concat([Buffer.from('%PDF-1.7\nstream\n'), deflateSync(text), Buffer.from('\nendstream')]),
    ],
  ])('finds a marker %s', (name, content) => {
    const place = at('planted', name.replaceAll(/\W/g, '-'));
    writeFile(place, content);
    expect(searchFolder(place, [marker]).length).toBeGreaterThan(0);
  });

  it('finds one in the name of a file', () => {
    writeFile(at('planted', 'names', text), 'nothing');
    expect(searchFolder(at('planted', 'names'), [marker]).length).toBeGreaterThan(0);
  });

  it('finds nothing where there is nothing', () => {
    writeFile(at('planted', 'clean'), gzipSync(`${text.slice(0, 11)} ${text.slice(12)}`.slice(0, 22)));
    expect(searchFolder(at('planted', 'clean'), [marker])).toEqual([]);
  });
});

function storedEntry(content: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt32LE(content.length, 18);
  header.writeUInt16LE(1, 26);
  return Buffer.concat([header, Buffer.from('b'), content]);
}

function writeFile(path: string, content: Buffer | string): void {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'file'), content);
}
