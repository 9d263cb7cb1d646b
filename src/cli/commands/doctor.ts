import { Command } from 'commander';
import { loadProject, scopeOf, sourcesOf } from '../../audit/index.ts';
import { checkDatabase } from '../doctor/database.ts';
import type { DoctorLine } from '../doctor/finding.ts';
import { ok } from '../doctor/finding.ts';
import { checkAddressData, checkDisk, checkKey, checkSchedule } from '../doctor/local.ts';
import { EXIT } from '../exit-codes.ts';
import { INVENTORY_OPTION, JSON_OPTION } from '../options.ts';
import type { CommandFactory, Shell } from '../shell.ts';
import { printable, textTable } from '../table.ts';

interface DoctorOptions {
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
    const sources = await sourcesOf(scope, { environment: shell.environment, export: {} });
    for (const database of scope.deployment.databases) {
      const source = sources.find(({ id }) => id === `database/${database.id}`);
      if (source !== undefined) lines.push(...(await checkDatabase(database, source, project, shell)));
    }
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
