import type { Environment } from '../config/index.ts';
import { CHECKS } from '../policy/index.ts';
import { isEvidenceDirectory } from '../storage/index.ts';
import { awsSources } from './aws-sources.ts';
import { databaseSource } from './database-source.ts';
import type { EvidenceSource } from './evidence-source.ts';
import type { ExportSettings } from './export-source.ts';
import { evidenceStoreSource, exportFolderSource } from './export-source.ts';
import { needsOf } from './plan-collection.ts';
import type { DeploymentScope } from './project.ts';

/** Where the evidence of a run comes from. */
export interface SourceSettings {
  /** An export folder, or an evidence store that an earlier `collect` wrote; without it the systems are read live. */
  readonly evidence?: string;
  readonly export: Omit<ExportSettings, 'deployment' | 'provenance'>;
  readonly environment: Environment;
}

/**
 * Every source of a deployment. A store holds everything; an export folder holds no database, so these are read
 * live; without either, so are the accounts and logs that the checks need.
 *
 * @throws DomicileError `BAD_INPUT` for AWS credentials that are configured wrongly.
 */
export async function sourcesOf(
  scope: DeploymentScope,
  settings: SourceSettings,
): Promise<readonly EvidenceSource[]> {
  const { deployment, dataMaps } = scope;
  const { evidence, environment } = settings;
  if (evidence !== undefined && (await isEvidenceDirectory(evidence))) return [evidenceStoreSource(evidence)];
  const databases = deployment.databases.map((database) =>
    databaseSource(database, deployment, dataMaps, environment),
  );
  if (evidence === undefined)
    return [...awsSources(deployment, needsOf(scope, CHECKS), environment), ...databases];
  const provenance = deployment.evidenceFrom ?? 'vendor-supplied';
  return [exportFolderSource(evidence, { ...settings.export, deployment, provenance }), ...databases];
}
