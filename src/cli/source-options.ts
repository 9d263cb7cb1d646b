import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Project, SourceSettings } from '../audit/index.ts';
import type { Result } from '../policy/index.ts';
import { accountOption, EVIDENCE_OPTION, instantOption, regionOption } from './options.ts';
import type { Shell } from './shell.ts';

/** What a person says of where evidence comes from. */
export interface SourceOptions {
  readonly evidence?: string;
  readonly asOf?: string;
  readonly account?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
}

/** The options of every command that reads evidence. */
export function withSourceOptions(command: Command): Command {
  return command
    .option(...EVIDENCE_OPTION)
    .option('--as-of <time>', 'when exported files without a time were read', instantOption)
    .option('--account <id>', 'the account of an export folder that does not say', accountOption)
    .option('--region <name>', 'the region of an export folder that does not say', regionOption)
    .option('--profile <name>', "the AWS profile that a deployment's roles are assumed from")
    .option(
      '--endpoint <url>',
      'one endpoint for all AWS calls; marks the report not for reliance',
      endpointOption,
    );
}

export function sourceSettings(
  options: SourceOptions,
  shell: Pick<Shell, 'environment'>,
  project: Project,
  onReport?: SourceSettings['export']['onReport'],
): SourceSettings {
  const identity = shell.environment.awsIdentity(options.profile);
  return {
    environment: shell.environment,
    checks: project.checks,
    aws: {
      ...(identity === undefined ? {} : { identity }),
      ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    },
    ...(options.evidence === undefined ? {} : { evidence: options.evidence }),
    export: {
      ...(options.account === undefined ? {} : { account: options.account }),
      ...(options.region === undefined ? {} : { region: options.region }),
      ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
      ...(onReport === undefined ? {} : { onReport }),
    },
  };
}

/** Marks against reliance that follow from the options. */
export function sourceMarks({ endpoint, evidence }: SourceOptions): Result['marks'] {
  return endpoint !== undefined && evidence === undefined ? ['custom-endpoint'] : [];
}

export function endpointOption(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('expected a URL, as http://127.0.0.1:4566');
}
