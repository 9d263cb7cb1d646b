import type { LocatedDocument } from '../core/index.ts';
import { projectFile, projectFiles } from './project-files.ts';
import { readYamlFile } from './yaml-file.ts';

const LEGAL_TEXTS = 'legal-texts.yaml';

/** Reads policy files for `parsePolicies`; by default the project's own, all YAML files of `policies/` but the legal texts. */
export function readPolicyFiles(paths: readonly string[] = projectPolicies()): readonly LocatedDocument[] {
  return paths.map((path) => readYamlFile(path, 'policy'));
}

/** Reads the legal texts for `parseLegalTexts`; by default the project's own. */
export function readLegalTexts(path: string = projectFile('policies', LEGAL_TEXTS)): LocatedDocument {
  return readYamlFile(path, 'legal-texts');
}

function projectPolicies(): readonly string[] {
  const legalTexts = projectFile('policies', LEGAL_TEXTS);
  return projectFiles('policies', '.yaml').filter((path) => path !== legalTexts);
}
