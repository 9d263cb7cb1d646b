import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Signer } from '../../src/attestation/index.ts';
import type { EvidenceSource, Project } from '../../src/audit/index.ts';
import { runAudit } from '../../src/audit/index.ts';
import { listReports, readReportFiles, writeWhole } from '../../src/storage/index.ts';
import { parsePublicKey, verifyReport } from '../../src/verification/index.ts';
import { VERIFY_CRYPTO } from '../support/report.ts';
import { temporaryFolder } from '../support/temporary.ts';
import type { TinyFolder } from '../support/tiny-site.ts';
import { tinyFolder, tinyProject, tinyRequest, tinySigner, tinySite } from '../support/tiny-site.ts';

const SLOT = '2026-11-23T20:00:00Z';
const CLOCK = { now: () => Date.parse('2026-11-23T20:05:00Z') };
const temporary = temporaryFolder();
let folder: TinyFolder;
let project: Project;
let signer: Signer;

beforeAll(async () => {
  folder = await tinyFolder(temporary, 4);
  project = await tinyProject(folder);
  signer = await tinySigner(folder);
});

/** A source of some hundred kilobytes in several items. */
const source: EvidenceSource = {
  id: 'bulky',
  allowed: [],
  collect: async function* () {
    for (const part of [0, 1, 2, 3]) {
      yield {
        key: {
          kind: 'ec2.vpcs',
          partition: 'aws',
          account: '640917723308',
          region: 'ap-southeast-1',
          target: '',
          call: 'ec2:DescribeVpcs',
          parameters: {},
          phase: 'start',
          part,
        },
        time: SLOT,
        status: 'complete',
        reason: '',
        provenance: 'live',
        dropped: [],
        body: { Vpcs: [], words: 'x'.repeat(50_000) },
      };
    }
  },
};

async function audit(root: string): Promise<string> {
  const [deployment = ''] = folder.deployments;
  const site = { ...tinySite(folder, project, CLOCK), root };
  return runAudit({ site, request: tinyRequest(deployment, SLOT), sources: [source], signer }).then(
    () => 'done',
    (error: unknown) => String((error as { code?: unknown }).code),
  );
}

/** Every report that can be seen is whole and genuine, and nothing lies beside the reports but hidden work. */
async function seen(root: string): Promise<readonly string[]> {
  const reports = existsSync(root) ? await listReports(root) : [];
  for (const report of reports) {
    const { steps, genuine } = await verifyReport(
      readReportFiles(join(root, report)),
      parsePublicKey(signer.publicKeyPem),
      VERIFY_CRYPTO,
    );
    expect(genuine, JSON.stringify(steps)).toBeDefined();
  }
  return reports;
}

describe('a full disk', () => {
  const place = join(temporary, 'tiny-disk');
  const mount = (kilobytes: number): boolean => {
    mkdirSync(place, { recursive: true });
    return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', place]).status === 0;
  };
  const canMount = process.getuid?.() === 0 && mount(64);
  if (canMount) spawnSync('umount', [place]);
  else console.log('skipped: a full disk, since this user may not mount one');
  afterAll(() => void spawnSync('umount', [place]));

  it.skipIf(!canMount)(
    'at whatever moment leaves no part of a report, and the next run succeeds',
    async () => {
      const outcomes: string[] = [];
      for (const kilobytes of [4, 8, 16, 32, 64, 128, 192, 224, 256, 320, 384, 448, 512, 640, 2048]) {
        expect(mount(kilobytes)).toBe(true);
        const root = join(place, 'reports');
        const outcome = await audit(root);
        const reports = await seen(root);
        expect(reports.length, `${kilobytes} kB: ${outcome}`).toBe(outcome === 'done' ? 1 : 0);
        outcomes.push(outcome);
        spawnSync('mount', ['-o', 'remount,size=4m', place]);
        expect(await audit(root)).toBe('done');
        expect(await seen(root)).toHaveLength(1);
        spawnSync('umount', [place]);
      }
      // Control: some disks were too small and some were not.
      expect([...new Set(outcomes)].sort()).toEqual(['STORAGE', 'done']);
    },
    120_000,
  );

  it('takes its half-written file away', async () => {
    const path = join(temporary, 'whole', 'file');
    mkdirSync(join(path, 'in-the-way'), { recursive: true });
    await expect(writeWhole(path, 'text')).rejects.toMatchObject({ code: 'STORAGE' });
    expect(readdirSync(join(temporary, 'whole'))).toEqual(['file']);
  });
});

describe('a folder that may not be written', () => {
  const asNobody = (script: string): { readonly status: number | null; readonly text: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      uid: 65534,
      gid: 65534,
      encoding: 'utf8',
      env: {},
    });
    return { status, text: `${stdout}${stderr}` };
  };

  it('is told as that, with nothing in it', async () => {
    const root = join(temporary, 'read-only');
    mkdirSync(root);
    chmodSync(temporary, 0o755);
    chmodSync(root, 0o555);
    if (process.getuid?.() === 0) {
      // The superuser may write anywhere: another user tries, in a process of its own.
      const files = new URL('../../src/storage/files.ts', import.meta.url).href;
      const { text } = asNobody(`import { writeWhole } from ${JSON.stringify(files)};
        await writeWhole(${JSON.stringify(join(root, 'x'))}, 'y').catch((error) => console.log(error.code, error.message));`);
      if (/Cannot find module|ERR_MODULE_NOT_FOUND|EACCES: permission denied, open/.test(text))
        console.log('skipped: a read-only folder, since another user cannot read this checkout');
      else expect(text).toContain('STORAGE expected to write a file, found EACCES');
    } else {
      expect(await audit(root)).toBe('STORAGE');
    }
    expect(readdirSync(root)).toEqual([]);
  });

  it('or is a file, is told as that', async () => {
    const root = join(temporary, 'a-file');
    writeFileSync(root, 'text');
    expect(await audit(root)).toBe('STORAGE');
    expect(readFileSync(root, 'utf8')).toBe('text');
  });
});

describe('a run that is cut off between two files', () => {
  it('is not seen, wherever it was cut, and the next one of its slot is whole', async () => {
    const root = join(temporary, 'cut');
    const [deployment = ''] = folder.deployments;
    expect(await audit(root)).toBe('done');
    const [report = ''] = await listReports(root);
    const files = readdirSync(join(root, report), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(8);
    // What a killed process leaves: a hidden folder with any part of the files.
    rmSync(join(root, deployment, '.chain'), { recursive: true, force: true });
    const [, name = ''] = report.split('/');
    spawnSync('mv', [join(root, report), join(root, deployment, `.run-${name.slice(2)}`)]);
    expect(await listReports(root)).toEqual([]);
    expect(await audit(root)).toBe('done');
    expect(await seen(root)).toHaveLength(1);
    expect(readdirSync(join(root, deployment)).filter((entry) => entry.startsWith('.run-'))).toEqual([]);
  });
});
