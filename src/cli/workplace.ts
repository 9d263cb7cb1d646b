import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { loadKeyFile } from '../attestation/index.ts';
import type { Workplace } from '../audit/index.ts';
import { loadProject, scopeOf, sourcesOf } from '../audit/index.ts';
import { processEnvironment } from '../config/index.ts';
import type { Json } from '../core/index.ts';
import type { SourceOptions } from './source-options.ts';
import { sourceMarks, sourceSettings } from './source-options.ts';

/** What a worker's workplace is made from. Plain values, since each thread makes its own. */
export interface WorkplaceSettings {
  readonly inventory: string;
  readonly policies: readonly string[] | null;
  readonly out: string;
  readonly key: string;
  readonly profile: string | null;
  /** One endpoint for all AWS calls. */
  readonly endpoint: string | null;
  /** A folder of export folders, one a deployment; the systems of a deployment without one are read live. */
  readonly exports: string | null;
  readonly toolVersion: string;
  /** Who runs it, if somebody said so. No machine is named: whichever worker begins a run, the report is the same. */
  readonly runBy: string | null;
}

/** This module's address, for threads. Compiled, it is JavaScript. */
export const WORKPLACE_MODULE: string = new URL(`./workplace${extname(import.meta.url)}`, import.meta.url)
  .href;

/**
 * Opens the workplace of a worker or of one of its threads: the same settings give the same one everywhere.
 *
 * @throws DomicileError `BAD_INPUT` for faults of the inventory, the policies or the key.
 */
export async function openWorkplace(settings: Json): Promise<Workplace> {
  const { inventory, policies, out, key, exports, profile, endpoint, toolVersion, runBy } =
    settings as unknown as WorkplaceSettings;
  const project = await loadProject({ inventory, ...(policies === null ? {} : { policies }) });
  const signer = await loadKeyFile(key);
  const environment = processEnvironment();
  const optionsFor = async (deployment: string): Promise<SourceOptions> => {
    const evidence = await exportFolderOf(exports, deployment);
    return {
      ...(evidence === undefined ? {} : { evidence }),
      ...(profile === null ? {} : { profile }),
      ...(endpoint === null ? {} : { endpoint }),
    };
  };
  return {
    site: { root: out, project, clock: { now: () => Date.now() }, toolVersion },
    sources: async (deployment) =>
      sourcesOf(
        scopeOf(project, deployment),
        sourceSettings(await optionsFor(deployment), { environment }, project),
      ),
    signer,
    runBy: runBy ?? `${project.operator}, by a worker`,
    marks: async (deployment) => [
      ...(signer.demo ? (['demo-key'] as const) : []),
      ...sourceMarks(await optionsFor(deployment)),
    ],
  };
}

async function exportFolderOf(exports: string | null, deployment: string): Promise<string | undefined> {
  if (exports === null) return undefined;
  const folder = join(exports, deployment);
  return (await stat(folder).catch(() => undefined))?.isDirectory() === true ? folder : undefined;
}
