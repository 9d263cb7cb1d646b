import { Command } from 'commander';
import type { EvidenceSource, Project } from '../../audit/index.ts';
import { loadProject, scopeOf, sourcesOf } from '../../audit/index.ts';
import { checkAwsSource } from '../doctor/aws.ts';
import { checkDatabase } from '../doctor/database.ts';
import type { DoctorLine } from '../doctor/finding.ts';
import { ok, warning } from '../doctor/finding.ts';
import { checkAddressData, checkDisk, checkKey, checkSchedule } from '../doctor/local.ts';
import { EXIT } from '../exit-codes.ts';
import { INVENTORY_OPTION, JSON_OPTION } from '../options.ts';
import type { CommandFactory, Shell } from '../shell.ts';
import type { SourceOptions } from '../source-options.ts';
import { sourceSettings } from '../source-options.ts';
import { printable, textTable } from '../table.ts';

interface DoctorOptions extends Pick<SourceOptions, 'profile' | 'endpoint'> {
  readonly deployment?: readonly string[];
  readonly inventory: string;
  readonly out: string;
  readonly key: string;
  readonly json: boolean;
}

/** `domicile doctor`: before the first scan, everything that it will need. */
export const doctorCommand: CommandFactory = (run) =>
  new Command('doctor')
    .description('Checks before the first scan what it will need, and says what to do about each.')
    .option('--deployment <id...>', 'deployments of the inventory; without it, all')
    .option(...INVENTORY_OPTION)
    .option('--out <dir>', 'the folder of reports', 'reports')
    .option('--key <file>', 'the signing key', 'keys/domicile.pem')
    .option('--profile <name>', "the AWS profile that the deployments' roles are assumed from")
    .option('--endpoint <url>', 'one endpoint for all AWS calls')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExample:\n  domicile doctor --deployment acme-cn\n\nExit codes: 0 ready, 1 something is broken, 2 warnings only.',
    )
    .action((options: DoctorOptions) =>
      run(async (shell) => {
        const lines = await examine(options, shell);
        if (options.json) shell.out(JSON.stringify({ schemaVersion: 1, lines }));
        else for (const line of table(lines)) shell.out(line);
        if (lines.some(({ status }) => status === 'broken')) return EXIT.fail;
        return lines.some(({ status }) => status === 'warning') ? EXIT.inconclusive : EXIT.ok;
      }),
    );

async function examine(options: DoctorOptions, shell: Shell): Promise<readonly DoctorLine[]> {
  const project = await loadProject({ inventory: options.inventory });
  const ids = options.deployment ?? project.deployments.map(({ id }) => id);
  const scopes = ids.map((id) => scopeOf(project, id));
  const lines: DoctorLine[] = [
    ok('inventory', options.inventory, `${scopes.length} deployments, policies agree`),
    checkAddressData(project),
    await checkKey(options.key),
    await checkDisk(options.out),
  ];
  for (const scope of scopes) {
    lines.push(checkSchedule(scope.deployment, shell.clock));
    const sources = await sourcesOf(scope, sourceSettings(options, shell, project));
    for (const database of scope.deployment.databases) {
      const source = sources.find(({ id }) => id === `database/${database.id}`);
      if (source !== undefined) lines.push(...(await checkDatabase(database, source, project, shell)));
    }
    lines.push(...(await checkAws(scope.deployment.id, sources, project, shell, options)));
  }
  return lines;
}

/** A deployment whose evidence is handed over as files needs no credentials; that is a matter of choice. */
async function checkAws(
  deployment: string,
  sources: readonly EvidenceSource[],
  project: Project,
  shell: Shell,
  options: DoctorOptions,
): Promise<readonly DoctorLine[]> {
  if (shell.environment.awsIdentity(options.profile) === undefined) {
    const todo =
      'set AWS_PROFILE or AWS_ACCESS_KEY_ID, or run with a container role; not needed with --evidence';
    return [warning('aws', deployment, 'no AWS credentials were found', todo)];
  }
  const lines: DoctorLine[] = [];
  for (const source of sources) {
    if (!source.id.startsWith('database/')) lines.push(...(await checkAwsSource(source, project, shell)));
  }
  return lines;
}

function table(lines: readonly DoctorLine[]): readonly string[] {
  return textTable(
    ['', 'area', 'subject', 'what', 'to do'],
    lines.map(({ status, area, subject, says, todo }) => [
      status,
      area,
      printable(subject),
      printable(says),
      todo,
    ]),
  );
}
