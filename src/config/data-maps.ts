import type { Fault } from '../core/index.ts';
import { assertNoFaults } from '../core/index.ts';
import type { DataMap } from '../evidence/index.ts';
import { projectFiles } from './project-files.ts';
import { readYamlFile } from './yaml-file.ts';

/** A data map with the digest of its file. */
export interface DataMapFile {
  readonly id: string;
  readonly file: string;
  readonly sha256: string;
  readonly map: DataMap;
}

/**
 * Reads data maps; by default the project's own, in `policies/data-maps/`.
 *
 * @throws DomicileError `BAD_INPUT` with every fault, also an id that is there twice.
 */
export function loadDataMaps(
  paths: readonly string[] = projectFiles('policies/data-maps', '.yaml'),
): readonly DataMapFile[] {
  const documents = paths.map((path) => readYamlFile(path, 'data-map'));
  assertNoFaults(documents.flatMap(({ faults }) => faults));
  const files = documents.map(({ file, sha256, value }): DataMapFile => {
    // No faults: the document has the shape of its schema, from which the type is generated.
    const map = value as unknown as DataMap;
    return { id: map.metadata.id, file, sha256, map };
  });
  const ids = files.map(({ id }) => id);
  assertNoFaults(
    documents.flatMap((document, index): readonly Fault[] => {
      const id = ids[index] ?? '';
      if (ids.indexOf(id) === index) return [];
      return [
        { message: `expected each data map once, found ${id} again`, at: document.at(['metadata', 'id']) },
      ];
    }),
  );
  return files;
}
