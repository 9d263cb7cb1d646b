import type { Fault, Json, LocatedDocument } from '../../core/index.ts';
import { assertNoFaults } from '../../core/index.ts';
import type { PolicyFile } from '../generated/policy.ts';
import type { Policy } from '../model.ts';
import { readControl } from './control.ts';
import type { PolicyEnvironment } from './environment.ts';
import { faultAt, listIn, objectIn, quoted, textIn } from './faults.ts';

/**
 * The policies of located documents that were checked against `policy.schema.json`.
 *
 * Refused, all at once: whatever the schema refuses, and an unknown check, parameter, region, country,
 * deployment, law or article; an id that is there twice; parameters under which nothing could be flagged.
 *
 * @throws DomicileError `BAD_INPUT` with every fault, each with file, line and column.
 */
export function parsePolicies(
  documents: readonly LocatedDocument[],
  environment: PolicyEnvironment,
): readonly Policy[] {
  const read = documents.map((document) => readPolicy(document, environment));
  assertNoFaults([...read.flatMap(({ faults }) => faults), ...repeatedIds(documents)]);
  return read.map(({ policy }) => policy());
}

/** Regions that the documents' own region tables offer, for `PolicyEnvironment.regions`. */
export function offeredRegions(documents: readonly LocatedDocument[]): ReadonlySet<string> {
  const offers = documents
    .flatMap((document) => listIn(document.value, 'controls'))
    .filter((control) => textIn(control, 'check') === 'region.offered')
    .flatMap((control) => listIn(objectIn(control, 'with'), 'offers'));
  return new Set(offers.map((offer) => textIn(offer, 'region')).filter((region) => region !== undefined));
}

interface ReadPolicy {
  readonly faults: readonly Fault[];
  /** To be called only where no document has a fault. */
  readonly policy: () => Policy;
}

function readPolicy(document: LocatedDocument, environment: PolicyEnvironment): ReadPolicy {
  const controls = listIn(document.value, 'controls').map((control, index) =>
    readControl(document, environment, control, ['controls', index]),
  );
  const faults = [
    ...document.faults,
    ...scopeFaults(document, environment),
    ...countryFaults(document, environment),
    ...repeatedControls(document),
    ...controls.flatMap((control) => control.faults),
  ];
  const policy = (): Policy => {
    // A document without faults has the shape of its schema, from which the type is generated.
    const { metadata, appliesTo, jurisdiction } = document.value as unknown as PolicyFile;
    return {
      id: metadata.id,
      version: metadata.version,
      title: metadata.title,
      sha256: document.sha256,
      file: fileName(document.file),
      appliesTo,
      ...(jurisdiction === undefined ? {} : { countries: jurisdiction.countries }),
      controls: controls.map((control) => control.control()),
    };
  };
  return { faults, policy };
}

/** Without folders: the policy becomes evidence, and where it lay on somebody's machine is nobody's business. */
function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

function scopeFaults(document: LocatedDocument, environment: PolicyEnvironment): readonly Fault[] {
  const scope = objectIn(document.value, 'appliesTo');
  return [
    ...unknownNames(document, scope, 'regions', environment.regions, 'a region of the region table'),
    ...unknownNames(document, scope, 'deployments', environment.deployments, 'a deployment of the inventory'),
  ];
}

function unknownNames(
  document: LocatedDocument,
  scope: Json,
  member: string,
  known: ReadonlySet<string>,
  what: string,
): readonly Fault[] {
  return listIn(scope, member).flatMap((name, index) =>
    typeof name !== 'string' || known.has(name)
      ? []
      : [
          faultAt(
            document,
            ['appliesTo', member, index],
            `expected ${what}, found ${quoted(name)}`,
            knownHint(known),
          ),
        ],
  );
}

function knownHint(known: ReadonlySet<string>): { readonly hint?: string } {
  return known.size > 0 && known.size <= 20 ? { hint: `known are ${[...known].sort().join(', ')}` } : {};
}

function countryFaults(document: LocatedDocument, environment: PolicyEnvironment): readonly Fault[] {
  return listIn(objectIn(document.value, 'jurisdiction'), 'countries').flatMap((code, index) => {
    if (typeof code !== 'string' || environment.isCountryCode(code)) return [];
    const message = `expected an ISO 3166-1 alpha-2 country code, found ${quoted(code)}`;
    return [faultAt(document, ['jurisdiction', 'countries', index], message)];
  });
}

function repeatedControls(document: LocatedDocument): readonly Fault[] {
  const ids = new Set<string>();
  return listIn(document.value, 'controls').flatMap((control, index) => {
    const id = textIn(control, 'id');
    if (id === undefined) return [];
    const repeated = ids.has(id);
    ids.add(id);
    if (!repeated) return [];
    return [
      faultAt(
        document,
        ['controls', index, 'id'],
        `expected each control id once, found ${quoted(id)} again`,
      ),
    ];
  });
}

function repeatedIds(documents: readonly LocatedDocument[]): readonly Fault[] {
  const owners = new Map<string, string>();
  return documents.flatMap((document) => {
    const id = textIn(objectIn(document.value, 'metadata'), 'id');
    if (id === undefined) return [];
    const owner = owners.get(id);
    owners.set(id, owner ?? document.file);
    if (owner === undefined) return [];
    const message = `expected each policy id once, found ${quoted(id)} again`;
    return [faultAt(document, ['metadata', 'id'], message, { hint: `the other one is ${owner}` })];
  });
}
