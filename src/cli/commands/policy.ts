import { Command } from 'commander';
import { loadProject, scopeOf } from '../../audit/index.ts';
import { EXIT } from '../exit-codes.ts';
import { INVENTORY_OPTION, JSON_OPTION } from '../options.ts';
import type { CommandFactory } from '../shell.ts';
import { textTable } from '../table.ts';

interface CheckOptions {
  readonly inventory: string;
  readonly json: boolean;
}

/** `domicile policy`: the policies, before they judge anything. */
export const policyCommand: CommandFactory = (run) =>
  new Command('policy').description('Policies.').addCommand(
    new Command('check')
      .description('Checks policies, inventory and waivers together, and tells every error at once.')
      .argument('[file...]', "policy files; without any, the project's own")
      .option(...INVENTORY_OPTION)
      .option(...JSON_OPTION)
      .addHelpText('after', '\nExample:\n  domicile policy check policies/china-stack.yaml')
      .action((files: readonly string[], options: CheckOptions) =>
        run(async (shell) => {
          const project = await loadProject({
            inventory: options.inventory,
            ...(files.length === 0 ? {} : { policies: files }),
          });
          const scopes = project.deployments.map(({ id }) => scopeOf(project, id));
          const policies = project.policies.map(({ id, version, sha256, controls }) => ({
            id,
            version,
            sha256,
            controls: controls.length,
          }));
          const applied = scopes.map(({ deployment, policies: own }) => ({
            deployment: deployment.id,
            policies: own.map(({ id }) => id),
          }));
          if (options.json) shell.out(JSON.stringify({ schemaVersion: 1, policies, applied }));
          else {
            const rows = policies.map(({ id, version, controls, sha256 }) => [
              id,
              version,
              String(controls),
              sha256,
            ]);
            for (const line of textTable(['policy', 'version', 'controls', 'SHA-256'], rows)) shell.out(line);
            for (const { deployment, policies: own } of applied)
              shell.out(`${deployment}: ${own.join(', ')}`);
          }
          return EXIT.ok;
        }),
      ),
  );
