import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { EvidenceSource, Workplace } from '../../src/audit/index.ts';
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
  /** Stands in every item, and in the message of the error of a deployment that breaks. */
  readonly words: string;
  /** The deployment whose second source throws. */
  readonly broken: string;
}

/** The composition root of the tests' workers, as src/cli has one for the real ones. */
export async function openWorkplace(settings: Json): Promise<Workplace> {
  const { folder, clock, pauseMs, toolVersion, words, broken } = settings as unknown as TinySettings;
  const project = await tinyProject(folder);
  const time = { now: () => Date.parse(readFileSync(clock, 'utf8').trim()) };
  const pause = (): Promise<unknown> => (pauseMs === 0 ? Promise.resolve() : wait(pauseMs));
  return {
    site: tinySite(folder, project, time, { toolVersion }),
    sources: async (deployment) => tinySources(pause, words, deployment === broken),
    signer: await tinySigner(folder),
    runBy: 'a test',
    marks: async () => [],
  };
}

/** The sources of every deployment of the tests: two in any order, one at the end. */
export function tinySources(
  pause: () => Promise<unknown>,
  words: string,
  broken: boolean,
): readonly EvidenceSource[] {
  const second = tinySource('two', broken ? () => Promise.reject(new Error(words)) : pause, words);
  return [tinySource('one', pause, words), second, { ...tinySource('end', pause, words), atEnd: true }];
}
