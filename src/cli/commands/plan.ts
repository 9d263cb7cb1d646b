import { Command } from 'commander';
import { loadProject, planCollection, scopeOf } from '../../audit/index.ts';
import type { CollectionPlan } from '../../evidence/index.ts';
import { iamPolicyOf } from '../../evidence/index.ts';
import { EXIT } from '../exit-codes.ts';
import { INVENTORY_OPTION, JSON_OPTION, POLICY_OPTION } from '../options.ts';
import type { CommandFactory } from '../shell.ts';
import { textTable } from '../table.ts';

interface PlanOptions {
  readonly deployment: string;
  readonly inventory: string;
  readonly policy?: readonly string[];
  readonly json: boolean;
}

/** `domicile plan`: what a run would read, before it reads anything. */
export const planCommand: CommandFactory = (run) =>
  new Command('plan')
    .description('Shows which calls, logs and tables an audit would read, and what it must be granted.')
    .requiredOption('--deployment <id>', 'a deployment of the inventory')
    .option(...INVENTORY_OPTION)
    .option(...POLICY_OPTION)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample:\n  domicile plan --deployment acme-cn')
    .action((options: PlanOptions) =>
      run(async (shell) => {
        const project = await loadProject({
          inventory: options.inventory,
          ...(options.policy === undefined ? {} : { policies: options.policy }),
        });
        const plan = planCollection(scopeOf(project, options.deployment), project.checks);
        if (options.json)
          shell.out(JSON.stringify({ schemaVersion: 1, ...plan, iamPolicy: iamPolicyOf(plan) }));
        else for (const line of planLines(plan)) shell.out(line);
        return EXIT.ok;
      }),
    );

function planLines(plan: CollectionPlan): readonly string[] {
  return [
    ...textTable(
      ['account', 'region', 'call', 'repeated'],
      plan.calls.map(({ account, region, call, perId }) => [account, region, call, perId.join('; ')]),
    ),
    '',
    ...textTable(
      ['target', 'grant'],
      plan.grants.map(({ target, grant }) => [target, grant]),
    ),
  ];
}
