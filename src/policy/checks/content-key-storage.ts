import type { JsonObject, Reason } from '../../core/index.ts';
import type { Deployment, Need } from '../../evidence/index.ts';
import type { Examined, Observation, PositiveEvidence } from '../check.ts';

/** What RDS says of the storage under one database of the inventory. */
export type DatabaseStorage =
  | {
      readonly database: string;
      readonly resource: string;
      readonly kind: 'found';
      /** Null where the answer does not say. */
      readonly encrypted: boolean | null;
      /** ARN of the KMS key; null where the answer does not say. */
      readonly key: string | null;
    }
  | { readonly database: string; readonly resource: string; readonly kind: 'not-listed' }
  /** The inventory names no RDS resource. */
  | { readonly database: string; readonly kind: 'unnamed' };

interface Listing {
  readonly need: Need;
  readonly list: (call: string) => readonly JsonObject[] | undefined;
}

/** Looks every database of the inventory up in the listings of instances and clusters, by its identifier or ARN. */
export function storageOf(deployment: Deployment, listings: readonly Listing[]): readonly DatabaseStorage[] {
  const listed = listings.flatMap(({ need, list }) =>
    need.kind === 'rds.instances'
      ? named(list('rds:DescribeDBInstances'), ['DBInstanceIdentifier', 'DBInstanceArn'])
      : named(list('rds:DescribeDBClusters'), ['DBClusterIdentifier', 'DBClusterArn']),
  );
  return deployment.databases.flatMap(({ id: database, resource }): readonly DatabaseStorage[] => {
    if (resource === undefined) return [{ database, kind: 'unnamed' }];
    const found = listed.filter(({ names }) => names.includes(resource));
    if (found.length === 0) return [{ database, resource, kind: 'not-listed' }];
    return found.map(({ entry }) => ({
      database,
      resource,
      kind: 'found',
      encrypted: typeof entry['StorageEncrypted'] === 'boolean' ? entry['StorageEncrypted'] : null,
      key: typeof entry['KmsKeyId'] === 'string' ? entry['KmsKeyId'] : null,
    }));
  });
}

function named(entries: readonly JsonObject[] | undefined, members: readonly string[]) {
  return (entries ?? []).map((entry) => ({ entry, names: members.map((member) => entry[member]) }));
}

/** What follows for the control from the storage of its databases. */
export interface StorageOutcome {
  readonly findings: readonly Observation[];
  readonly reasons: readonly Reason[];
  readonly positive: readonly PositiveEvidence[];
  readonly coverage: Examined;
  readonly limitations: readonly string[];
}

export function storageOutcome(storages: readonly DatabaseStorage[], deployment: Deployment): StorageOutcome {
  const judged = storages.map((storage) => judgeStorage(storage, deployment));
  return {
    findings: judged.flatMap(({ findings }) => findings),
    reasons: judged.flatMap(({ reasons }) => reasons),
    positive: judged.flatMap(({ positive }) => positive),
    coverage: {
      what: 'storage',
      examined: storages.filter(({ kind }) => kind === 'found').length,
      expected: storages.length,
    },
    limitations: [...new Set(judged.flatMap(({ limitations }) => limitations))],
  };
}

type Judged = Omit<StorageOutcome, 'coverage'>;

const NOTHING: Judged = { findings: [], reasons: [], positive: [], limitations: [] };

function judgeStorage(storage: DatabaseStorage, deployment: Deployment): Judged {
  if (storage.kind === 'unnamed') {
    // In a private deployment the database is the customer's own: told, since no promise is made about its disks.
    if (deployment.tenancy === 'private') return { ...NOTHING, limitations: ['privateStorage'] };
    return because('NOT_COLLECTED', storage.database, 'the inventory names no RDS resource for it');
  }
  if (storage.kind === 'not-listed') {
    return because('NOT_COLLECTED', storage.resource, 'not among the listed instances and clusters');
  }
  return judgeFound(storage, deployment.region);
}

function judgeFound(storage: Extract<DatabaseStorage, { kind: 'found' }>, region: string): Judged {
  const { resource, encrypted, key } = storage;
  if (encrypted === null)
    return because('UNKNOWN_VALUE', resource, 'the answer does not say whether it is encrypted');
  if (!encrypted) return { ...NOTHING, findings: [observed('STORAGE_NOT_ENCRYPTED', resource, {}, key)] };
  const keyRegion = key === null ? undefined : /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\//.exec(key)?.[1];
  if (keyRegion === undefined)
    return because('UNKNOWN_VALUE', resource, 'the answer does not name its key by ARN');
  if (keyRegion !== region) {
    return {
      ...NOTHING,
      findings: [observed('STORAGE_KEY_OUT_OF_REGION', resource, { keyRegion, region }, key)],
    };
  }
  return {
    ...NOTHING,
    positive: [{ text: 'storage', values: { resource, region }, witness: keyWitness(key) }],
  };
}

function because(code: Reason['code'], scope: string, detail: string): Judged {
  return { ...NOTHING, reasons: [{ code, scope, detail }] };
}

function observed(
  name: string,
  resource: string,
  values: Observation['values'],
  key: string | null,
): Observation {
  return { class: name, resource, values, witness: keyWitness(key) };
}

function keyWitness(key: string | null): Observation['witness'] {
  return key === null ? [] : [{ label: 'KMS key', value: key }];
}
