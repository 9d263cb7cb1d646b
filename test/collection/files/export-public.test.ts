import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../src/collection/answer.ts';
import type { Deployment } from '../../../src/evidence/index.ts';
import { KINDS } from '../../../src/evidence/index.ts';
import { DEPLOYMENT, idsOf, indexOf, PLACE, readFiles, readFolder, TIME } from '../../support/export.ts';

const DATA = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const BATFISH = join(DATA, 'network/batfish');
const EXAMPLES = join(DATA, 'aws-cli-examples');
for (const folder of [BATFISH, EXAMPLES]) {
  if (!existsSync(folder)) console.log(`skipped: ${relative(DATA, folder)} of ../shared/data is not here`);
}

/** The account that owns the networks of the public snapshots. */
const OWNER = '028403472736';
const ABROAD: Partial<Deployment> = { partition: 'aws', region: 'us-west-2' };

describe.skipIf(!existsSync(BATFISH))('a folder of real describe output', () => {
  const snapshots = existsSync(BATFISH)
    ? readdirSync(BATFISH).filter((name) => statSync(join(BATFISH, name)).isDirectory())
    : [];

  it.each(snapshots)('%s is read without a word lost', async (name) => {
    const root = join(BATFISH, name);
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    const owner = ownerOf(files.map((file) => join(root, file))) ?? OWNER;
    const deployment = { ...DEPLOYMENT, ...ABROAD };
    const { drafts, report } = await readFolder(root, {
      deployment: { ...deployment, accounts: [{ id: owner, purpose: 'workload' }] },
      account: owner,
      region: 'us-west-2',
      asOf: TIME,
    });
    expect(report.unreadable).toEqual([]);
    const told = [...report.recognised, ...report.unused, ...report.unplaced];
    expect(told.toSorted()).toEqual(files.toSorted());
    for (const member of ['Vpcs', 'Subnets', 'RouteTables', 'NetworkInterfaces', 'SecurityGroups']) {
      const own = files.find((file) => file.endsWith(`${member}.json`));
      if (own === undefined || !report.recognised.includes(own)) continue;
      const given = (JSON.parse(readFileSync(join(root, own), 'utf8')) as Record<string, unknown[]>)[member];
      expect(
        drafts.some(({ body }) => (body as Record<string, unknown[]>)?.[member]?.length === given?.length),
      ).toBe(true);
    }
    expect(report.recognised.length).toBeGreaterThan(5);
  });
});

function ownerOf(files: readonly string[]): string | undefined {
  return files
    .map((file) => /"OwnerId": "(\d{12})"/.exec(readFileSync(file, 'utf8'))?.[1])
    .find((id) => id !== undefined);
}

describe.skipIf(!existsSync(EXAMPLES))('the examples of the AWS CLI manual', () => {
  const examples = existsSync(EXAMPLES)
    ? (JSON.parse(readFileSync(join(EXAMPLES, 'index.json'), 'utf8')) as readonly {
        readonly file: string;
        readonly cmd: string;
      }[])
    : [];
  const calls = [...KINDS.values()].flatMap((kind) => kind.calls);
  const known = examples.flatMap(({ file, cmd }) => {
    const spec = calls.find(
      ({ cli, fixed }) =>
        new RegExp(`^aws ${cli}( |$)`).test(cmd) && (fixed?.selects === undefined || cmd.includes(fixed.cli)),
    );
    return spec === undefined ? [] : [{ file, spec }];
  });

  it('are all read, each told of once, none fatal', async () => {
    const files = Object.fromEntries(
      examples.map(({ file }) => [`${PLACE}/${file}`, readFileSync(join(EXAMPLES, file))] as const),
    );
    const { report } = await readFiles(files);
    const told = [...report.recognised, ...report.unused, ...report.unreadable, ...report.unplaced];
    expect(told.toSorted()).toEqual(Object.keys(files).toSorted());
    expect(told.length).toBeGreaterThan(500);
  });

  it.each(known.map(({ file, spec }) => [file, spec] as const))(
    '%s: what is not kept is counted by its path',
    (file, spec) => {
      const answer = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as Record<string, never>;
      const { status, body, dropped, reason } = readAnswer(spec, answer);
      if (status === 'unreadable') {
        // The manual shows some answers after a `--query`: found out, instead of taken for empty ones.
        expect(Array.isArray(answer), `${file}: ${reason}`).toBe(true);
        return;
      }
      const kept = leaves(body);
      const lost = leaves(answer).filter((path) => !kept.includes(path));
      for (const path of lost) {
        expect(
          dropped.some(
            (one) => path === one.path || path.startsWith(`${one.path}.`) || path.startsWith(`${one.path}[]`),
          ),
          path,
        ).toBe(true);
      }
    },
  );

  it('hold dozens of answers of our calls', () => {
    expect(known.length).toBeGreaterThan(35);
  });
});

/** The distinct paths of a value's scalars, as `Vpcs[].VpcId`. */
function leaves(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((entry) => leaves(entry, `${path}[]`)))];
  if (typeof value !== 'object' || value === null) return [path];
  return [
    ...new Set(
      Object.entries(value).flatMap(([name, inner]) => leaves(inner, path === '' ? name : `${path}.${name}`)),
    ),
  ];
}

describe('a folder of many files', () => {
  it('is read in time and memory that grow with it, not with its square', async () => {
    const files = Object.fromEntries(
      Array.from(
        { length: 5000 },
        (_, index) =>
          [`${PLACE}/${index % 50}/v${index}.json`, `{"Vpcs":[{"VpcId":"vpc-${index}"}]}`] as const,
      ),
    );
    const { drafts } = await readFiles({ ...files, [`${PLACE}/index.json`]: indexOf() });
    expect(idsOf(drafts, 'Vpcs', 'VpcId')).toHaveLength(5000);
  }, 60_000);
});
