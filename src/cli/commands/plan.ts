import { Command, Option } from 'commander';
import { loadProject, needsOf, scopeOf } from '../../audit/index.ts';
import type { TimeWindow } from '../../core/index.ts';
import { DomicileError } from '../../core/index.ts';
import type { CollectionPlan, Deployment } from '../../evidence/index.ts';
import { exportScriptOf, iamPolicyOf, planOf } from '../../evidence/index.ts';
import { EXIT } from '../exit-codes.ts';
import { accountOption, INVENTORY_OPTION, JSON_OPTION, POLICY_OPTION, windowOption } from '../options.ts';
import type { CommandFactory, Shell } from '../shell.ts';
import { textTable } from '../table.ts';

interface PlanOptions {
  readonly deployment: string;
  readonly inventory: string;
  readonly policy?: readonly string[];
  readonly iam?: boolean;
  readonly cli?: boolean;
  readonly account?: string;
  readonly window?: TimeWindow;
  readonly json: boolean;
}

/** `domicile plan`: what a run would read, before it reads anything. */
export const planCommand: CommandFactory = (run) =>
  new Command('plan')
    .description('Shows which calls, logs and tables an audit would read, and what it must be granted.')
    .requiredOption('--deployment <id>', 'a deployment of the inventory')
    .option(...INVENTORY_OPTION)
    .option(...POLICY_OPTION)
    .addOption(
      new Option('--iam', "the IAM policy of an account's auditing role, as JSON").conflicts(['cli', 'json']),
    )
    .addOption(
      new Option(
        '--cli',
        'a shell script that reads the same with the AWS CLI into an export folder',
      ).conflicts(['json']),
    )
    .option('--account <id>', 'with --iam: the account, where the deployment has several', accountOption)
    .option('--window <start/end>', 'with --cli: fetch only flow logs of this period', windowOption)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      [
        '',
        'Example:',
        '  domicile plan --deployment acme-cn',
        '  domicile plan --deployment acme-cn --iam > policy.json',
        '  domicile plan --deployment acme-cn --cli --window 2026-11-21T18:00:00Z/2026-11-22T18:00:00Z > export.sh',
      ].join('\n'),
    )
    .action((options: PlanOptions) => run((shell) => plan(options, shell)));

async function plan(options: PlanOptions, shell: Shell): Promise<number> {
  const project = await loadProject({
    inventory: options.inventory,
    ...(options.policy === undefined ? {} : { policies: options.policy }),
  });
  const scope = scopeOf(project, options.deployment);
  const needs = needsOf(scope, project.checks);
  const { deployment } = scope;
  if (options.iam === true) {
    const account = oneAccount(deployment, options.account);
    shell.out(JSON.stringify(iamPolicyOf(deployment, needs, account), null, 2));
  } else if (options.cli === true) {
    shell.out(exportScriptOf(deployment, needs, options.window).trimEnd());
  } else if (options.json) {
    const iamPolicies = deployment.accounts.map(({ id }) => ({
      account: id,
      policy: iamPolicyOf(deployment, needs, id),
    }));
    shell.out(JSON.stringify({ schemaVersion: 1, ...planOf(needs), iamPolicies }));
  } else {
    for (const line of planLines(planOf(needs))) shell.out(line);
  }
  return EXIT.ok;
}

/** A policy is of one account's role: which one, a person says where there are several. */
function oneAccount({ accounts }: Deployment, asked: string | undefined): string {
  const ids = accounts.map(({ id }) => id);
  const [only] = ids;
  if (asked === undefined && ids.length === 1 && only !== undefined) return only;
  if (asked !== undefined && ids.includes(asked)) return asked;
  throw new DomicileError('USAGE', {
    message: `expected --account with one of ${ids.join(', ')}, found ${asked ?? 'none'}`,
    hint: 'each account has a role and a policy of its own',
  });
}

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
