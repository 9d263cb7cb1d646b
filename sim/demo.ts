import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { generateKeyFile, loadKeyFile } from '../src/attestation/index.ts';
import type { AuditOutcome } from '../src/audit/index.ts';
import { runAudit, writeReportIndex } from '../src/audit/index.ts';
import { textTable } from '../src/cli/table.ts';
import { whyLine } from '../src/cli/verdict-lines.ts';
import { DEPLOYMENT_VERDICT } from '../src/report/index.ts';
import type { AwsEndpoint } from './aws-endpoint/endpoint.ts';
import { startAwsEndpoint } from './aws-endpoint/endpoint.ts';
import { sampleAccount } from './aws-endpoint/sample-account.ts';
import { seedSample } from './database/seed.ts';
import { auditByQueue } from './demo-queue.ts';
import type { DemoStage } from './demo-stage.ts';
import { DEMO_CLOCK, openDemoWorkplace } from './demo-stage.ts';
import { keepSample } from './keep-sample.ts';
import { writeSample } from './make-sample.ts';
import type { EmbeddedPostgres } from './postgres.ts';
import { startPostgres } from './postgres.ts';
import { SAMPLE_SEED, SAMPLE_SLOT, SAMPLES } from './samples.ts';
import { writeInventory } from './write-inventory.ts';

const ROOT = join(import.meta.dirname, '..');
const REPORTS = join(ROOT, 'reports');
/** Says that the reports in a folder are the demo's, so that the next demo may replace them. */
const DEMO_MARK = join(REPORTS, '.demo');

/**
 * The main job on embedded defaults: three sample deployments with evidence, databases and policies, audited,
 * signed and written. 0 where the verdicts are as expected, 1 where they are not. With `--worker` the audits run by
 * their schedules through the queue.
 */
async function demo(): Promise<number> {
  const started = performance.now();
  const say = (text: string): void => console.error(`demo: ${text}`);
  const work = await mkdtemp(join(tmpdir(), 'domicile-demo-'));
  let server: EmbeddedPostgres | undefined;
  let endpoint: AwsEndpoint | undefined;
  try {
    await clearOldDemo();
    say('starting Postgres and an AWS endpoint, making the sample accounts, logs and databases');
    const live = SAMPLES.filter(({ evidence }) => evidence === 'live');
    [server, endpoint] = await Promise.all([
      startPostgres(),
      startAwsEndpoint({ accounts: live.map(sampleAccount), clock: DEMO_CLOCK, pageSize: 100 }),
    ]);
    const key = join(work, 'demo.pem');
    await generateKeyFile(key, 'demo');
    await writeFile(join(REPORTS, 'demo.pub.pem'), (await loadKeyFile(key)).publicKeyPem);
    const stage = await prepareStage(work, key, server, endpoint);
    const outcomes = process.argv.includes('--worker')
      ? await auditByQueue(stage, server.url(), say)
      : await auditInTurn(stage, say);
    await writeReportIndex(REPORTS);
    for (const line of summary(outcomes)) console.log(line);
    const right = SAMPLES.every(({ expected }, index) => outcomes[index]?.result.verdict === expected);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(
      `${right ? 'The verdicts are as expected' : 'The verdicts are NOT as expected'} (${seconds} s).`,
    );
    const [first] = outcomes;
    if (right && first !== undefined && process.argv.includes('--keep-sample'))
      console.log(`Kept as the sample: ${relative(ROOT, await keepSample(REPORTS, first.folder))}`);
    return right ? 0 : 1;
  } finally {
    await endpoint?.close();
    await server?.stop();
    await rm(work, { recursive: true, force: true });
  }
}

async function prepareStage(
  work: string,
  key: string,
  server: EmbeddedPostgres,
  endpoint: AwsEndpoint,
): Promise<DemoStage> {
  const databases: Record<string, string> = {};
  const exports: Record<string, string> = {};
  for (const sample of SAMPLES) {
    Object.assign(databases, await seedSample(server, sample, SAMPLE_SEED));
    if (sample.evidence !== 'exported') continue;
    exports[sample.deployment] = join(work, sample.deployment);
    await writeSample(join(work, sample.deployment), sample, SAMPLE_SEED);
  }
  return {
    reports: REPORTS,
    inventory: writeInventory(join(work, 'inventory'), SAMPLES),
    key,
    toolVersion: await toolVersion(),
    databases,
    endpoint: endpoint.url,
    exports,
  };
}

/** One after the other in this process, as `domicile audit` does it. */
async function auditInTurn(stage: DemoStage, say: (text: string) => void): Promise<readonly AuditOutcome[]> {
  const { site, sources, signer, runBy, marks } = await openDemoWorkplace(stage);
  const outcomes: AuditOutcome[] = [];
  for (const { deployment } of SAMPLES) {
    say(`auditing ${deployment}`);
    const request = { deployment, slot: SAMPLE_SLOT, runBy, marks: await marks(deployment) };
    outcomes.push(await runAudit({ site, request, sources: await sources(deployment), signer }));
  }
  return outcomes;
}

async function toolVersion(): Promise<string> {
  const { default: manifest } = (await import('../package.json', { with: { type: 'json' } })) as {
    readonly default: { readonly version: string };
  };
  return manifest.version;
}

/** The demo replaces its own earlier reports, and touches nobody else's. */
async function clearOldDemo(): Promise<void> {
  const isDemo = (await stat(DEMO_MARK).catch(() => undefined)) !== undefined;
  for (const { deployment } of SAMPLES) {
    const folder = join(REPORTS, deployment);
    if ((await stat(folder).catch(() => undefined)) === undefined) continue;
    if (!isDemo)
      throw new Error(`expected reports/${deployment} to be the demo's or absent: move it away first`);
    await rm(folder, { recursive: true });
  }
  await mkdir(REPORTS, { recursive: true });
  await writeFile(DEMO_MARK, 'These reports were written by the demo, which replaces them.\n');
}

function summary(outcomes: readonly AuditOutcome[]): readonly string[] {
  const rows = outcomes.flatMap(({ result }) => [
    [
      result.deployment.id,
      '',
      DEPLOYMENT_VERDICT[result.verdict].en,
      `${result.notAssessed.length} promises not assessed`,
    ],
    ...result.controls.map((control) => ['', control.id, control.verdict, whyLine(control)]),
  ]);
  const folders = outcomes.map(({ folder }) => relative(ROOT, folder));
  return [
    ...textTable(['deployment', 'control', 'verdict', 'why'], rows),
    '',
    'Everything here is signed with a demo key: not for reliance.',
    'Reports:',
    '  reports/index.html',
    ...folders.map((folder) => `  ${folder}/report.html`),
    'Check one:',
    `  npm run -s domicile -- verify ${folders[0] ?? ''} --key reports/demo.pub.pem --accept demo,endpoint`,
  ];
}

process.exitCode = await demo().catch((error: unknown) => {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  return 70;
});
