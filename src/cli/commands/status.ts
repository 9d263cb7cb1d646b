import { Command } from 'commander';
import type { DeploymentStatus } from '../../audit/index.ts';
import { deploymentStatus, loadProject } from '../../audit/index.ts';
import { EXIT } from '../exit-codes.ts';
import { INVENTORY_OPTION, JSON_OPTION } from '../options.ts';
import type { CommandFactory, Shell } from '../shell.ts';
import { textTable } from '../table.ts';

interface StatusOptions {
  readonly inventory: string;
  readonly out: string;
  readonly json: boolean;
}

/** `domicile status`: how the scans stand, by ledgers and schedules alone; no queue is asked. */
export const statusCommand: CommandFactory = (run) =>
  new Command('status')
    .description('Shows the last, running, next and missed scans of each deployment.')
    .option(...INVENTORY_OPTION)
    .option('--out <dir>', 'the folder of reports', 'reports')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample:\n  domicile status --json')
    .action((options: StatusOptions) => run((shell) => status(options, shell)));

async function status({ inventory, out, json }: StatusOptions, shell: Shell): Promise<number> {
  const { deployments } = await loadProject({ inventory });
  const all: DeploymentStatus[] = [];
  for (const deployment of deployments) all.push(await deploymentStatus(out, deployment, shell.clock));
  if (json) shell.out(JSON.stringify({ schemaVersion: 1, deployments: all }));
  else for (const line of textTable(HEAD, all.map(row))) shell.out(line);
  return EXIT.ok;
}

const HEAD = ['deployment', 'last report', 'verdict', 'now', 'next slot', 'missed', 'last ended without'];

function row({ deployment, last, running, due, next, missed, aborted }: DeploymentStatus): readonly string[] {
  return [
    deployment,
    last === null ? 'none' : `${last.at}${last.current ? '' : ' (out of date)'}`,
    last?.verdict ?? '',
    running === null ? (due === null ? '' : `due ${due}`) : `running since ${running.since}`,
    next ?? 'none',
    missed.length === 0 ? '0' : `${missed.length} (last ${missed.at(-1) ?? ''})`,
    aborted === null ? '' : `${aborted.at} ${aborted.why}`,
  ];
}
