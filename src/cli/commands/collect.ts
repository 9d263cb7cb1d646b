import { readdir } from 'node:fs/promises';
import { Command } from 'commander';
import { deploymentDraft, loadProject, readSource, scopeOf, sourcesOf } from '../../audit/index.ts';
import type { TimeWindow } from '../../core/index.ts';
import { DomicileError, toInstant } from '../../core/index.ts';
import type { EvidenceItem } from '../../evidence/index.ts';
import { createDirectoryStore } from '../../storage/index.ts';
import { EXIT } from '../exit-codes.ts';
import { INVENTORY_OPTION, JSON_OPTION, windowOption } from '../options.ts';
import type { CommandFactory, Shell } from '../shell.ts';
import type { SourceOptions } from '../source-options.ts';
import { sourceSettings, withSourceOptions } from '../source-options.ts';
import { textTable } from '../table.ts';

interface CollectOptions extends SourceOptions {
  readonly deployment: string;
  readonly inventory: string;
  readonly out: string;
  readonly window?: TimeWindow;
  readonly json: boolean;
}

/** `domicile collect`: reads the systems into an evidence store, and judges nothing. */
export const collectCommand: CommandFactory = (run) =>
  withSourceOptions(new Command('collect'))
    .description('Reads the audited systems into an evidence store, for a later audit --evidence.')
    .requiredOption('--deployment <id>', 'a deployment of the inventory')
    .requiredOption('--out <dir>', 'the evidence store to write; it must not exist, or be empty')
    .option(...INVENTORY_OPTION)
    .option('--window <start/end>', 'the period whose logs are read; without it, all', windowOption)
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample:\n  domicile collect --deployment acme-cn --out evidence/acme-cn')
    .action((options: CollectOptions) => run((shell) => collect(options, shell)));

async function collect(options: CollectOptions, shell: Shell): Promise<number> {
  const present = await readdir(options.out).catch(() => []);
  if (present.length > 0) {
    throw new DomicileError('USAGE', {
      message: 'expected --out to name an empty folder, found files in it',
      hint: 'evidence of two runs must not mix',
    });
  }
  const project = await loadProject({ inventory: options.inventory });
  const scope = scopeOf(project, options.deployment);
  const sources = await sourcesOf(scope, sourceSettings(options, shell, project));
  const window = options.window === undefined ? {} : { window: options.window };
  const store = createDirectoryStore(options.out);
  await store.put(deploymentDraft(scope.deployment, toInstant(shell.clock.now())));
  for (const source of sources) {
    const { clock, signal, onProgress } = shell;
    for await (const draft of readSource(source, {
      locator: project.locator,
      clock,
      signal,
      onProgress,
      ...window,
    })) {
      signal.throwIfAborted();
      await store.put(draft);
    }
  }
  const { items } = await store.seal();
  shell.endProgress();
  if (options.json) shell.out(JSON.stringify({ schemaVersion: 1, folder: options.out, items }));
  else for (const line of itemLines(items)) shell.out(line);
  return items.every(({ status }) => status === 'complete') ? EXIT.ok : EXIT.inconclusive;
}

/** Items by what became of them; those that are not whole by name. */
function itemLines(items: readonly EvidenceItem[]): readonly string[] {
  const gaps = items.filter(({ status }) => status !== 'complete');
  const whole = `${items.length - gaps.length} of ${items.length} evidence items are complete`;
  if (gaps.length === 0) return [whole];
  return [
    whole,
    ...textTable(
      ['status', 'reason', 'item'],
      gaps.map(({ status, reason, key }) => [
        status,
        reason,
        [key.call, key.account, key.region, key.target].join(' '),
      ]),
    ),
  ];
}
