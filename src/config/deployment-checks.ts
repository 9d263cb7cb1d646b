import type { DocumentPath, Fault, Json, JsonObject, LocatedDocument } from '../core/index.ts';
import { DomicileError, isJsonArray, isJsonObject } from '../core/index.ts';
import { parseCron } from './cron.ts';
import { isTimeZone } from './time-zone.ts';

/** What an inventory may name besides itself. */
export interface InventoryEnvironment {
  /** Ids of the data maps that exist; without it they are not compared. */
  readonly dataMaps?: ReadonlySet<string>;
  readonly isCountryCode: (code: string) => boolean;
}

/** What the schema cannot say of one deployment: that its parts agree with each other and with the world. */
export function deploymentFaults(
  document: LocatedDocument,
  environment: InventoryEnvironment,
  value: Json,
  path: DocumentPath,
): readonly Fault[] {
  if (!isJsonObject(value)) return [];
  const place: Place = { document, environment, deployment: value, path };
  return [
    ...regionFaults(place),
    ...countryFaults(place),
    ...accountFaults(place),
    ...logSourceFaults(place),
    ...dataMapFaults(place),
    ...documentFaults(place),
    ...scheduleFaults(place),
    ...['accounts', 'databases', 'logSources', 'documents', 'providers'].flatMap((list) =>
      repeatedFaults(place, list),
    ),
  ];
}

interface Place {
  readonly document: LocatedDocument;
  readonly environment: InventoryEnvironment;
  readonly deployment: JsonObject;
  readonly path: DocumentPath;
}

function fault({ document, path }: Place, inside: DocumentPath, message: string, hint?: string): Fault {
  const at = document.at([...path, ...inside]);
  return hint === undefined ? { message, at } : { message, at, hint };
}

/** Regions of AWS China start with `cn-` and no others do (AWS General Reference, partitions). */
function regionFaults(place: Place): readonly Fault[] {
  const { partition, region } = place.deployment;
  if (typeof region !== 'string' || !/-[0-9]+$/.test(region)) return [];
  if (partition !== 'aws' && partition !== 'aws-cn') return [];
  const actual = partitionOf(region);
  if (actual === partition) return [];
  const message = `expected a region of partition ${partition}, found ${short(region)} of ${actual}`;
  return [fault(place, ['region'], message)];
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return /^(?:us|eu)-iso/.test(region) ? 'an isolated partition' : 'aws';
}

function countryFaults(place: Place): readonly Fault[] {
  const codes: readonly (readonly [DocumentPath, Json | undefined])[] = [
    ...listIn(place, 'jurisdiction').map((code, index) => [['jurisdiction', index], code] as const),
    ...objectsIn(place, 'providers').map(
      (provider, index) => [['providers', index, 'inferenceCountry'], provider['inferenceCountry']] as const,
    ),
    [
      ['auditor', 'country'],
      isJsonObject(place.deployment['auditor']) ? place.deployment['auditor']['country'] : undefined,
    ],
  ];
  return codes.flatMap(([inside, code]) =>
    typeof code !== 'string' || place.environment.isCountryCode(code)
      ? []
      : [fault(place, inside, `expected an ISO 3166-1 alpha-2 country code, found ${short(code)}`)],
  );
}

const ROLE_ARN = /^arn:(aws|aws-cn):iam::([0-9]{12}):role\//;

function accountFaults(place: Place): readonly Fault[] {
  const { partition } = place.deployment;
  return objectsIn(place, 'accounts').flatMap(({ id, role }, index) => {
    const match = typeof role === 'string' ? ROLE_ARN.exec(role) : null;
    if (match === null) return [];
    const [, rolePartition, roleAccount] = match;
    const inside = ['accounts', index, 'role'];
    return [
      ...(typeof partition === 'string' && rolePartition !== partition
        ? [
            fault(
              place,
              inside,
              `expected a role of partition ${short(partition)}, found one of ${rolePartition}`,
            ),
          ]
        : []),
      ...(typeof id === 'string' && roleAccount !== id
        ? [fault(place, inside, `expected a role of account ${short(id)}, found one of ${roleAccount}`)]
        : []),
    ];
  });
}

function logSourceFaults(place: Place): readonly Fault[] {
  const accounts = new Set(objectsIn(place, 'accounts').map(({ id }) => id));
  return objectsIn(place, 'logSources').flatMap(({ account }, index) => {
    if (typeof account !== 'string' || accounts.has(account)) return [];
    const message = `expected an account of the deployment, found ${short(account)}`;
    return [fault(place, ['logSources', index, 'account'], message)];
  });
}

function dataMapFaults(place: Place): readonly Fault[] {
  const known = place.environment.dataMaps;
  if (known === undefined) return [];
  return objectsIn(place, 'databases').flatMap(({ dataMap }, index) => {
    if (typeof dataMap !== 'string' || known.has(dataMap)) return [];
    const hint =
      known.size === 0 ? 'there are none' : `known are ${[...known].sort().slice(0, 20).join(', ')}`;
    return [
      fault(place, ['databases', index, 'dataMap'], `expected a data map, found ${short(dataMap)}`, hint),
    ];
  });
}

function documentFaults(place: Place): readonly Fault[] {
  return objectsIn(place, 'documents').flatMap(({ date, lastConfirmed, expires }, index) => {
    const isBefore = (left: Json | undefined, right: Json | undefined): boolean =>
      typeof left === 'string' && typeof right === 'string' && left < right;
    return [
      ...(isBefore(lastConfirmed, date)
        ? [
            fault(
              place,
              ['documents', index, 'lastConfirmed'],
              'expected a day on or after the date, found one before',
            ),
          ]
        : []),
      ...(isBefore(expires, date)
        ? [
            fault(
              place,
              ['documents', index, 'expires'],
              'expected a day on or after the date, found one before',
            ),
          ]
        : []),
    ];
  });
}

function scheduleFaults(place: Place): readonly Fault[] {
  const schedule = place.deployment['schedule'];
  if (!isJsonObject(schedule)) return [];
  const { cron, timeZone } = schedule;
  return [
    ...(typeof cron === 'string' ? cronFaults(place, cron) : []),
    ...(typeof timeZone === 'string' && !isTimeZone(timeZone)
      ? [
          fault(
            place,
            ['schedule', 'timeZone'],
            `expected an IANA time zone, found ${short(timeZone)}`,
            'as Asia/Shanghai, Europe/Berlin or UTC',
          ),
        ]
      : []),
  ];
}

function cronFaults(place: Place, cron: string): readonly Fault[] {
  try {
    parseCron(cron);
    return [];
  } catch (error) {
    if (!(error instanceof DomicileError)) throw error;
    return error.faults.map(({ message }) => fault(place, ['schedule', 'cron'], message));
  }
}

function repeatedFaults(place: Place, list: string): readonly Fault[] {
  const ids = new Set<string>();
  return objectsIn(place, list).flatMap(({ id }, index) => {
    if (typeof id !== 'string') return [];
    const repeated = ids.has(id);
    ids.add(id);
    return repeated
      ? [fault(place, [list, index, 'id'], `expected each id once, found ${short(id)} again`)]
      : [];
  });
}

function listIn({ deployment }: Place, member: string): readonly Json[] {
  const list = deployment[member];
  return isJsonArray(list) ? list : [];
}

/** The entries of a list, in their places; one that is no mapping has its schema fault and names nothing. */
function objectsIn(place: Place, member: string): readonly JsonObject[] {
  return listIn(place, member).map((entry) => (isJsonObject(entry) ? entry : {}));
}

/** Text of the operator's own file, where it is short enough to show. */
function short(text: string): string {
  return text.length <= 60 ? JSON.stringify(text) : 'a longer text';
}
