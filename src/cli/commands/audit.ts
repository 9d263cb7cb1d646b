import { Command, Option } from 'commander';
import { loadKeyFile } from '../../attestation/index.ts';
import type { AuditOutcome, Project } from '../../audit/index.ts';
import { loadProject, runAudit, scopeOf, sourcesOf, writeReportIndex } from '../../audit/index.ts';
import type { DeploymentVerdict, TimeWindow } from '../../core/index.ts';
import { DomicileError, worstVerdict } from '../../core/index.ts';
import { exitOfVerdict } from '../exit-codes.ts';
import { INVENTORY_OPTION, instantOption, JSON_OPTION, POLICY_OPTION, windowOption } from '../options.ts';
import type { CommandFactory, Shell } from '../shell.ts';
import type { SourceOptions } from '../source-options.ts';
import { sourceMarks, sourceSettings, withSourceOptions } from '../source-options.ts';
import { printable } from '../table.ts';
import { reportLines, summaryOf } from '../verdict-lines.ts';

interface AuditOptions extends SourceOptions {
  readonly deployment: readonly string[];
  readonly inventory: string;
  readonly policy?: readonly string[];
  readonly out: string;
  readonly key: string;
  readonly slot?: string;
  readonly window?: TimeWindow;
  readonly runBy?: string;
  readonly acceptWaivers: boolean;
  readonly json: boolean;
}

/** `domicile audit`: the whole job for one or more deployments. */
export const auditCommand: CommandFactory = (run) =>
  withSourceOptions(new Command('audit'))
    .description('Audits deployments and writes their signed reports.')
    .requiredOption('--deployment <id...>', 'deployments of the inventory')
    .option(...INVENTORY_OPTION)
    .option(...POLICY_OPTION)
    .option('--out <dir>', 'the folder of reports', 'reports')
    .option('--key <file>', 'the signing key', 'keys/domicile.pem')
    .option('--slot <time>', 'the slot of the schedule that this run serves', instantOption)
    .addOption(
      new Option('--window <start/end>', 'the period to speak of, instead of the schedule')
        .argParser(windowOption)
        .conflicts('slot'),
    )
    .option('--run-by <text>', 'who runs it, as page one says')
    .option('--accept-waivers', 'exit 0 where exceptions were accepted for all that failed', false)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExample:\n  domicile audit --deployment acme-cn --evidence export/acme-cn --slot 2026-11-22T20:00:00Z',
    )
    .action((options: AuditOptions) => run((shell) => audit(options, shell)));

async function audit(options: AuditOptions, shell: Shell): Promise<number> {
  if (options.evidence !== undefined && options.deployment.length > 1) {
    throw new DomicileError('USAGE', 'expected one --deployment with --evidence, found several');
  }
  const project = await loadProject({
    inventory: options.inventory,
    ...(options.policy === undefined ? {} : { policies: options.policy }),
  });
  const outcomes: AuditOutcome[] = [];
  for (const id of options.deployment) outcomes.push(await auditOne(id, project, options, shell));
  await writeReportIndex(options.out);
  shell.endProgress();
  if (options.json) shell.out(JSON.stringify({ schemaVersion: 1, reports: outcomes.map(summaryOf) }));
  else for (const outcome of outcomes) for (const line of reportLines(outcome)) shell.out(line);
  const verdict: DeploymentVerdict = worstVerdict(outcomes.map(({ result }) => result.verdict));
  return exitOfVerdict(verdict, options.acceptWaivers);
}

async function auditOne(
  id: string,
  project: Project,
  options: AuditOptions,
  shell: Shell,
): Promise<AuditOutcome> {
  const signer = await loadKeyFile(options.key);
  const sources = await sourcesOf(
    scopeOf(project, id),
    sourceSettings(options, shell, project, (report) => noteUnread(report, shell)),
  );
  return runAudit({
    site: {
      root: options.out,
      project,
      clock: shell.clock,
      toolVersion: shell.version,
      signal: shell.signal,
      onProgress: shell.onProgress,
    },
    request: {
      deployment: id,
      runBy: options.runBy ?? `${project.operator}, by the command line on ${shell.host}`,
      marks: [...(signer.demo ? (['demo-key'] as const) : []), ...sourceMarks(options)],
      ...(options.slot === undefined ? {} : { slot: options.slot }),
      ...(options.window === undefined ? {} : { window: options.window }),
    },
    sources,
    signer,
  });
}

const NAMED = 5;

/** Files of an export folder that nothing was made of: told at once, since a person may have meant them. */
function noteUnread(
  report: {
    readonly unused: readonly string[];
    readonly unreadable: readonly string[];
    readonly unplaced: readonly string[];
    readonly failuresIgnored: number;
  },
  shell: Shell,
): void {
  const groups = [
    ['of no call that a check needs', report.unused],
    ['that could not be read', report.unreadable],
    [
      'whose account or region nobody says (--account, --region), or that belong elsewhere than they lie',
      report.unplaced,
    ],
  ] as const;
  for (const [what, files] of groups) {
    if (files.length === 0) continue;
    const named = files.slice(0, NAMED).map(printable).join(', ');
    shell.note(`${files.length} files ${what}: ${named}${files.length > NAMED ? ', ...' : ''}`);
  }
  if (report.failuresIgnored > 0)
    shell.note(
      `${report.failuresIgnored} failed commands of an index that no check needs, or that name no place`,
    );
}
