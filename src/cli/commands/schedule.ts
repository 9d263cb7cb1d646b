import { Command } from 'commander';
import type { Project } from '../../audit/index.ts';
import { loadProject, nextSlot } from '../../audit/index.ts';
import type { StepQueue, SyncOutcome } from '../../worker/index.ts';
import {
  byJurisdiction,
  createLog,
  jurisdictionName,
  openStepQueue,
  queueBackend,
  scheduleEntries,
  WORKER_TIMING,
} from '../../worker/index.ts';
import { EXIT } from '../exit-codes.ts';
import { INVENTORY_OPTION, JSON_OPTION, jurisdictionOption } from '../options.ts';
import type { CommandFactory, Shell } from '../shell.ts';
import { textTable } from '../table.ts';

interface ScheduleOptions {
  readonly inventory: string;
  readonly jurisdiction?: readonly string[];
  readonly json: boolean;
}

/** `domicile schedule`: what the queues know of the inventory's schedules. */
export const scheduleCommand: CommandFactory = (run) => {
  const jurisdiction = [
    '--jurisdiction <countries>',
    'only this one; one that the inventory no longer has is emptied by sync',
    jurisdictionOption,
  ] as const;
  const sync = new Command('sync')
    .description("Makes the queues' schedules equal to the inventory's: adds, replaces, removes.")
    .option(...INVENTORY_OPTION)
    .option(...jurisdiction)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample:\n  QUEUE_URL=redis://127.0.0.1:6379 domicile schedule sync')
    .action((options: ScheduleOptions) => run((shell) => syncAll(options, shell)));
  const list = new Command('list')
    .description('Lists the schedules in the queues, and how they differ from the inventory.')
    .option(...INVENTORY_OPTION)
    .option(...jurisdiction)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample:\n  QUEUE_URL=redis://127.0.0.1:6379 domicile schedule list')
    .action((options: ScheduleOptions) => run((shell) => listAll(options, shell)));
  return new Command('schedule')
    .description('Brings the schedules of the inventory into the queue, and shows them.')
    .addCommand(sync)
    .addCommand(list);
};

type Served = Project['deployments'];

async function syncAll(options: ScheduleOptions, shell: Shell): Promise<number> {
  const outcomes: ({ readonly jurisdiction: string } & SyncOutcome)[] = [];
  await eachQueue(options, shell, async (queue, deployments) => {
    outcomes.push({
      jurisdiction: queue.name,
      ...(await queue.syncSchedules(scheduleEntries(deployments))),
    });
  });
  if (options.json) shell.out(JSON.stringify({ schemaVersion: 1, queues: outcomes }));
  else {
    const rows = outcomes.map(({ jurisdiction, added, replaced, removed, kept }) => [
      jurisdiction,
      named(added),
      named(replaced),
      named(removed),
      String(kept),
    ]);
    for (const line of textTable(['jurisdiction', 'added', 'replaced', 'removed', 'kept'], rows))
      shell.out(line);
  }
  return EXIT.ok;
}

interface Listed {
  readonly jurisdiction: string;
  readonly deployment: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly next: string | null;
  /** Whether the queue says the same as the inventory. */
  readonly state: 'same' | 'other' | 'not-in-queue' | 'not-in-inventory';
}

async function listAll(options: ScheduleOptions, shell: Shell): Promise<number> {
  const listed: Listed[] = [];
  await eachQueue(options, shell, async (queue, deployments) => {
    listed.push(...(await listOne(queue, deployments, shell)));
  });
  if (options.json) shell.out(JSON.stringify({ schemaVersion: 1, schedules: listed }));
  else {
    const rows = listed.map(({ jurisdiction, deployment, cron, timeZone, next, state }) => [
      jurisdiction,
      deployment,
      cron,
      timeZone,
      next ?? '',
      STATE_TEXT[state],
    ]);
    const head = ['jurisdiction', 'deployment', 'cron', 'time zone', 'next slot', 'queue'];
    for (const line of textTable(head, rows)) shell.out(line);
  }
  return EXIT.ok;
}

const STATE_TEXT: Readonly<Record<Listed['state'], string>> = {
  same: 'as in the inventory',
  other: 'another schedule: domicile schedule sync',
  'not-in-queue': 'missing: domicile schedule sync',
  'not-in-inventory': 'no such deployment any more: domicile schedule sync',
};

async function listOne(queue: StepQueue, deployments: Served, shell: Shell): Promise<readonly Listed[]> {
  const present = new Map((await queue.schedules()).map((entry) => [entry.deployment, entry]));
  const wanted = scheduleEntries(deployments).map((entry): Listed => {
    const { cron, timeZone, deployment } = entry;
    const found = present.get(deployment);
    const same = found?.cron === cron && found.timeZone === timeZone;
    const state = found === undefined ? 'not-in-queue' : same ? 'same' : 'other';
    const next = nextSlot({ cron, timeZone }, shell.clock.now());
    return { jurisdiction: queue.name, deployment, cron, timeZone, next, state };
  });
  const names = new Set(wanted.map(({ deployment }) => deployment));
  const left = [...present.values()]
    .filter(({ deployment }) => !names.has(deployment))
    .map((entry): Listed => ({ jurisdiction: queue.name, ...entry, next: null, state: 'not-in-inventory' }));
  return [...wanted, ...left];
}

/** Opens the queue of each jurisdiction, one after the other; each may be reached only from where it is allowed. */
async function eachQueue(
  { inventory, jurisdiction }: ScheduleOptions,
  shell: Shell,
  visit: (queue: StepQueue, deployments: Served) => Promise<void>,
): Promise<void> {
  const url = shell.environment.queueUrl();
  const project = await loadProject({ inventory });
  const all = byJurisdiction(project.deployments);
  const chosen =
    jurisdiction === undefined
      ? [...all].map(([, deployments]) => ({
          countries: deployments[0]?.jurisdiction ?? [],
          deployments,
        }))
      : [{ countries: jurisdiction, deployments: all.get(jurisdictionName(jurisdiction)) ?? [] }];
  const log = createLog(shell.note, shell.clock);
  for (const { countries, deployments } of chosen) {
    const backend = queueBackend(url, {
      countries,
      locator: project.locator,
      clock: shell.clock,
      onConnection: () => undefined,
    });
    const queue = openStepQueue(backend, jurisdictionName(countries), WORKER_TIMING, (why) =>
      log('warning', 'queue-trouble', { why }),
    );
    try {
      await visit(queue, deployments);
    } finally {
      await queue.close().catch(() => undefined);
    }
  }
}

const NAMED = 5;

function named(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${shown} and ${names.length - NAMED} more` : shown;
}
