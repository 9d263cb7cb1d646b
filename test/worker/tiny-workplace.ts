import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Workplace } from '../../src/audit/index.ts';
import type { Json } from '../../src/core/index.ts';
import type { TinyFolder } from '../support/tiny-site.ts';
import { tinyProject, tinySigner, tinySite, tinySource } from '../support/tiny-site.ts';

/** What a worker of the tests is started with. */
export interface TinySettings {
  readonly folder: TinyFolder;
  /** A file with the time, so that a test can let days pass for every process at once. */
  readonly clock: string;
  /** How long each item of a source takes. */
  readonly pauseMs: number;
  readonly toolVersion: string;
}

/** The composition root of the tests' workers, as src/cli has one for the real ones. */
export async function openWorkplace(settings: Json): Promise<Workplace> {
  const { folder, clock, pauseMs, toolVersion } = settings as unknown as TinySettings;
  const project = await tinyProject(folder);
  const time = { now: () => Date.parse(readFileSync(clock, 'utf8').trim()) };
  const pause = (): Promise<unknown> => (pauseMs === 0 ? Promise.resolve() : wait(pauseMs));
  return {
    site: tinySite(folder, project, time, { toolVersion }),
    sources: async () => [tinySource('one', pause), { ...tinySource('two', pause), atEnd: true }],
    signer: await tinySigner(folder),
    runBy: 'a test',
    marks: async () => [],
  };
}
