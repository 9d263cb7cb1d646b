import { loadKeyFile } from '../src/attestation/index.ts';
import type { Workplace } from '../src/audit/index.ts';
import { loadProject, scopeOf, sourcesOf } from '../src/audit/index.ts';
import { readEnvironment } from '../src/config/index.ts';
import { sampleKeys } from './aws-endpoint/accounts.ts';
import { SAMPLE_TIME } from './samples.ts';

/** What every audit of the demo is made from: plain values, so that a thread can make the same. */
export interface DemoStage {
  readonly reports: string;
  readonly inventory: string;
  readonly key: string;
  readonly toolVersion: string;
  /** Connection strings of the sample databases, by the inventory's variables. */
  readonly databases: Readonly<Record<string, string>>;
  /** Serves the accounts of those samples that are read live. */
  readonly endpoint: string;
  /** Export folders of the others, by deployment. */
  readonly exports: Readonly<Record<string, string>>;
}

/** The account whose keys the auditor has; it takes on the role that each deployment names. */
const VENDOR = '700000000001';

/** The samples are of one day, and so is their audit: evidence that was read at another time would not speak for it. */
export const DEMO_CLOCK = { now: () => Date.parse(SAMPLE_TIME) };

/** Where and with what the demo audits, by the command line's own pieces. */
export async function openDemoWorkplace(stage: DemoStage): Promise<Workplace> {
  const project = await loadProject({ inventory: stage.inventory });
  return {
    site: { root: stage.reports, project, clock: DEMO_CLOCK, toolVersion: stage.toolVersion },
    sources: async (deployment) => {
      const evidence = stage.exports[deployment];
      return sourcesOf(scopeOf(project, deployment), {
        environment: readEnvironment(stage.databases),
        checks: project.checks,
        export: {},
        aws: {
          identity: { kind: 'keys', from: 'the demo', read: () => sampleKeys(VENDOR) },
          endpoint: stage.endpoint,
        },
        ...(evidence === undefined ? {} : { evidence }),
      });
    },
    signer: await loadKeyFile(stage.key),
    runBy: `${project.operator}, by the demo`,
    marks: async (deployment) => [
      'demo-key',
      ...(stage.exports[deployment] === undefined ? (['custom-endpoint'] as const) : []),
    ],
  };
}
