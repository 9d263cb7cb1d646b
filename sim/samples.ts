import type { ExportOmissions } from './export-folder.ts';
import type { LogFormat } from './flow-objects.ts';
import type { StackSite } from './gateway-stack.ts';
import type { PlantId } from './plants.ts';
import { PLANT_IDS } from './plants.ts';

/** One deployment of the sample inventory and how its evidence is made. */
export interface Sample {
  readonly deployment: string;
  readonly site: StackSite;
  /** The formats of its flow logs; several formats stand for logs that were re-created on the way. */
  readonly formats: readonly LogFormat[];
  readonly plants: readonly PlantId[];
  readonly omissions: ExportOmissions;
  /** Whether the demo reads its account live, or from what a person exported. */
  readonly evidence: 'live' | 'exported';
  readonly databases: readonly SampleDatabase[];
  readonly expected: 'pass' | 'fail' | 'inconclusive';
}

/** A database of a sample, as the inventory names it, and how it is made. */
export interface SampleDatabase {
  readonly id: string;
  /** The environment variable that holds its connection string. */
  readonly urlFrom: string;
  readonly schema: 'gateway' | 'memory';
  /** Tables that the auditing role may not read. */
  readonly hiddenTables?: readonly string[];
}

function gatewayDatabase(urlFrom: string, hiddenTables: readonly string[] = []): SampleDatabase {
  return { id: 'gateway', urlFrom, schema: 'gateway', hiddenTables };
}

/** The evidence of all samples is of this day (UTC) and was exported at this time. */
export const SAMPLE_WINDOW = { start: '2026-11-21T18:00:00Z', end: '2026-11-22T18:00:00Z' } as const;
export const SAMPLE_TIME = '2026-11-22T20:10:00Z';
/** The slot of all three schedules that reports that day. */
export const SAMPLE_SLOT = '2026-11-22T20:00:00Z';
export const SAMPLE_SEED = 20_261_122;

/** The demo's three deployments: one of each verdict. */
export const SAMPLES: readonly Sample[] = [
  {
    deployment: 'acme-cn',
    site: { partition: 'aws-cn', account: '287312045561', region: 'cn-north-1' },
    formats: ['custom'],
    plants: PLANT_IDS,
    omissions: {},
    evidence: 'live',
    databases: [gatewayDatabase('ACME_CN_DATABASE_URL')],
    expected: 'fail',
  },
  {
    deployment: 'global-sg',
    site: { partition: 'aws', account: '640917723308', region: 'ap-southeast-1' },
    formats: ['custom'],
    plants: [],
    omissions: {},
    evidence: 'live',
    databases: [
      gatewayDatabase('GLOBAL_SG_DATABASE_URL'),
      { id: 'memory', urlFrom: 'GLOBAL_SG_MEMORY_URL', schema: 'memory' },
    ],
    expected: 'pass',
  },
  {
    deployment: 'bank-eu',
    site: { partition: 'aws', account: '905418372240', region: 'eu-central-1' },
    formats: ['default', 'custom'],
    plants: [],
    omissions: {
      refused: [
        {
          command: 'kms list-keys',
          error:
            'An error occurred (AccessDeniedException) when calling the ListKeys operation: User is not authorized to perform: kms:ListKeys',
        },
      ],
      missingLogs: [7],
    },
    evidence: 'exported',
    databases: [gatewayDatabase('BANK_EU_DATABASE_URL', ['audit_events'])],
    expected: 'inconclusive',
  },
];
