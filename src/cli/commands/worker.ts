import { Command, InvalidArgumentError } from 'commander';
import type { Json } from '../../core/index.ts';
import { createLog, startWorker, WORKER_TIMING } from '../../worker/index.ts';
import { EXIT } from '../exit-codes.ts';
import { INVENTORY_OPTION, jurisdictionOption, POLICY_OPTION } from '../options.ts';
import type { CommandFactory, Shell } from '../shell.ts';
import { endpointOption } from '../source-options.ts';
import type { WorkplaceSettings } from '../workplace.ts';
import { openWorkplace, WORKPLACE_MODULE } from '../workplace.ts';

interface WorkerOptions {
  readonly jurisdiction: readonly string[];
  readonly inventory: string;
  readonly policy?: readonly string[];
  readonly out: string;
  readonly key: string;
  readonly exports?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly concurrency: number;
  readonly watchPort: number;
  readonly watchHost: string;
  readonly grace: number;
  readonly runBy?: string;
}

/** `domicile worker`: runs the scans of one jurisdiction by their schedules until it is stopped. */
export const workerCommand: CommandFactory = (run) =>
  new Command('worker')
    .description("Runs the scans of one jurisdiction by the inventory's schedules, until it is stopped.")
    .requiredOption(
      '--jurisdiction <countries>',
      'whose deployments, as the inventory writes it: CN, or DE,FR',
      jurisdictionOption,
    )
    .option(...INVENTORY_OPTION)
    .option(...POLICY_OPTION)
    .option('--out <dir>', 'the folder of reports, shared by all workers of the jurisdiction', 'reports')
    .option('--key <file>', 'the signing key', 'keys/domicile.pem')
    .option('--exports <dir>', 'a folder of export folders by deployment; what has none there is read live')
    .option('--profile <name>', "the AWS profile that a deployment's roles are assumed from")
    .option(
      '--endpoint <url>',
      'one endpoint for all AWS calls; marks the reports not for reliance',
      endpointOption,
    )
    .option('--concurrency <number>', 'steps at once, each in a thread of its own', numberOption(1, 64), 2)
    .option(
      '--watch-port <port>',
      'serves /health and /metrics; 0 takes any free port',
      numberOption(0, 65_535),
      9464,
    )
    .option('--watch-host <address>', 'the address to serve them on', '127.0.0.1')
    .option(
      '--grace <seconds>',
      'how long steps may go on after it was asked to stop',
      numberOption(0, 86_400),
      30,
    )
    .option('--run-by <text>', 'who runs it, as page one says')
    .addHelpText(
      'after',
      '\nQUEUE_URL names the queue (redis:// or postgres://), ALERT_WEBHOOK_URL who is told of fail, inconclusive and missed.\n\nExample:\n  QUEUE_URL=redis://127.0.0.1:6379 domicile worker --jurisdiction CN',
    )
    .action((options: WorkerOptions) => run((shell) => work(options, shell)));

async function work(options: WorkerOptions, shell: Shell): Promise<number> {
  const queueUrl = shell.environment.queueUrl();
  const alertWebhook = shell.environment.alertWebhook();
  const settings: WorkplaceSettings = {
    inventory: options.inventory,
    policies: options.policy ?? null,
    out: options.out,
    key: options.key,
    exports: options.exports ?? null,
    profile: options.profile ?? null,
    endpoint: options.endpoint ?? null,
    toolVersion: shell.version,
    runBy: options.runBy ?? null,
  };
  const thread = { module: WORKPLACE_MODULE, settings: { ...settings } as unknown as Json };
  const worker = await startWorker(
    await openWorkplace(thread.settings),
    {
      queueUrl,
      jurisdiction: options.jurisdiction,
      concurrency: options.concurrency,
      thread,
      watch: { host: options.watchHost, port: options.watchPort },
      timing: { ...WORKER_TIMING, graceMs: options.grace * 1000 },
      ...(alertWebhook === undefined ? {} : { alertWebhook }),
    },
    createLog(shell.note, shell.clock),
  );
  await aborted(shell.signal);
  await worker.stop();
  // Asked to stop, it stopped in order: that is what it was to do.
  return EXIT.ok;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}

function numberOption(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
  };
}
