import type { Environment } from '../config/index.ts';
import type { CheckRegistry } from '../policy/index.ts';
import { isEvidenceDirectory } from '../storage/index.ts';
import type { AwsSettings } from './aws-source.ts';
import { awsSources } from './aws-source.ts';
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
  /** Which calls there are follows from what the checks need. */
  readonly checks: CheckRegistry;
  readonly aws: AwsSettings;
}

/** Every source of a deployment. A store holds everything; an export folder holds no database, so these are read live. */
export async function sourcesOf(
  scope: DeploymentScope,
  settings: SourceSettings,
): Promise<readonly EvidenceSource[]> {
  const { evidence, environment } = settings;
  const { deployment, dataMaps } = scope;
  if (evidence !== undefined && (await isEvidenceDirectory(evidence)))
    return [await evidenceStoreSource(evidence, deployment)];
  const databases = deployment.databases.map((database) =>
    databaseSource(database, deployment, dataMaps, environment),
  );
  if (evidence === undefined)
    return [...databases, ...awsSources(deployment, needsOf(scope, settings.checks), settings.aws)];
  const provenance = deployment.evidenceFrom ?? 'vendor-supplied';
  return [exportFolderSource(evidence, { ...settings.export, deployment, provenance }), ...databases];
}
