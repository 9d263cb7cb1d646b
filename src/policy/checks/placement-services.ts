import type { JsonObject, Reason } from '../../core/index.ts';
import { isJsonArray, isJsonObject, unreachable } from '../../core/index.ts';
import type { AwsKind, Deployment, EvidenceView } from '../../evidence/index.ts';
import { awsNeed } from '../../evidence/index.ts';
import type { Observation } from '../check.ts';
import { parseArn } from './arn.ts';

/** The services whose resources `placement.resources` knows how to place. */
export const PLACED_SERVICES = ['rds', 'ecs', 's3', 'kms'] as const;

export type PlacedService = (typeof PLACED_SERVICES)[number];

/** The kinds that list a service's resources. */
export function kindsOfService(service: PlacedService): readonly AwsKind[] {
  switch (service) {
    case 'rds':
      return ['rds.instances', 'rds.clusters'];
    case 'ecs':
      return ['ecs.clusters', 'ecs.services', 'ecs.tasks'];
    case 's3':
      return ['s3.buckets'];
    case 'kms':
      return ['kms.keys'];
    default:
      return unreachable(service);
  }
}

/** A resource as far as its place matters. */
export interface PlacedResource {
  readonly service: PlacedService;
  readonly name: string;
  /** Undefined where it cannot be read. */
  readonly region: string | undefined;
  /** Undefined where the service has no encryption of its own to show. */
  readonly encrypted?: boolean | 'unknown';
  /** The key's ARN, or `unknown` where one must exist and is not named; absent for keys that the service itself manages. */
  readonly key?: string;
  /** Availability zones that the resource names besides its region. */
  readonly zones?: readonly string[];
  /** Regions of a multi-region key's replicas. */
  readonly replicas?: readonly string[];
  /** Where a key's material comes from, unless AWS made it. */
  readonly origin?: string;
  /** Why it may stand outside of the region that its name says. */
  readonly outside?: string;
}

/** Every resource of a service that the account's listings name. */
export function resourcesOf(
  service: PlacedService,
  view: EvidenceView,
  account: string,
  { region }: Deployment,
): readonly PlacedResource[] {
  const list = (kind: AwsKind, call: string): readonly JsonObject[] =>
    view.list(awsNeed(kind, account, region), call) ?? [];
  switch (service) {
    case 'rds':
      return [
        ...list('rds.instances', 'rds:DescribeDBInstances').map((entry) => database(entry, 'DBInstanceArn')),
        ...list('rds.clusters', 'rds:DescribeDBClusters').map((entry) => database(entry, 'DBClusterArn')),
      ];
    case 'ecs':
      return [
        ...list('ecs.clusters', 'ecs:DescribeClusters').map((entry) => byArn('ecs', entry, 'clusterArn')),
        ...list('ecs.services', 'ecs:DescribeServices').map((entry) => launched(entry, 'serviceArn')),
        ...list('ecs.tasks', 'ecs:DescribeTasks').map((entry) => launched(entry, 'taskArn')),
      ];
    case 's3':
      return buckets(view, account, region);
    case 'kms':
      return list('kms.keys', 'kms:DescribeKey')
        .filter(({ KeyManager }) => KeyManager !== 'AWS')
        .map(customerKey);
    default:
      return unreachable(service);
  }
}

function byArn(service: PlacedService, entry: JsonObject, member: string): PlacedResource {
  return { service, name: String(entry[member] ?? '?'), region: parseArn(entry[member])?.region };
}

/** Machines of AWS itself, by ECS's name for them. A service that names capacity providers instead names none. */
const AWS_MACHINES: readonly unknown[] = ['FARGATE', 'EC2', 'MANAGED_INSTANCES', undefined, null];

/** With ECS Anywhere (launch type EXTERNAL), a task of a region runs on a registered machine anywhere in the world. */
function launched(entry: JsonObject, member: string): PlacedResource {
  const { launchType } = entry;
  return {
    ...byArn('ecs', entry, member),
    ...(AWS_MACHINES.includes(launchType)
      ? {}
      : { outside: 'it runs on a machine that is none of AWS, which may stand anywhere' }),
  };
}

/** RDS names the key of every encrypted database, its own managed ones included: without a name nobody knows which key it is. */
function database(entry: JsonObject, member: string): PlacedResource {
  const { StorageEncrypted, KmsKeyId, AvailabilityZone, SecondaryAvailabilityZone, AvailabilityZones } =
    entry;
  const { BackupTarget } = entry;
  const zones = [
    AvailabilityZone,
    SecondaryAvailabilityZone,
    ...(isJsonArray(AvailabilityZones) ? AvailabilityZones : []),
  ];
  return {
    ...byArn('rds', entry, member),
    encrypted: typeof StorageEncrypted === 'boolean' ? StorageEncrypted : 'unknown',
    ...(StorageEncrypted === false && typeof KmsKeyId !== 'string'
      ? {}
      : { key: String(KmsKeyId ?? 'unknown') }),
    zones: zones.filter((zone) => zone !== undefined && zone !== null && zone !== '').map(String),
    ...(BackupTarget === 'outposts'
      ? { outside: 'it keeps backups on an Outpost, which may stand anywhere' }
      : {}),
  };
}

function customerKey(entry: JsonObject): PlacedResource {
  const { Origin } = entry;
  return {
    ...byArn('kms', entry, 'Arn'),
    replicas: replicasOf(entry),
    ...(Origin === 'AWS_KMS' ? {} : { origin: String(Origin ?? '?') }),
  };
}

/** Regions that a key is in besides its own; `?` where the answer does not say. */
function replicasOf({ MultiRegion, MultiRegionConfiguration }: JsonObject): readonly string[] {
  if (MultiRegion === false) return [];
  const { PrimaryKey, ReplicaKeys } = isJsonObject(MultiRegionConfiguration) ? MultiRegionConfiguration : {};
  if (MultiRegion !== true || !isJsonObject(PrimaryKey) || !isJsonArray(ReplicaKeys)) return ['?'];
  return [PrimaryKey, ...ReplicaKeys].map((key) =>
    isJsonObject(key) && typeof key['Region'] === 'string' ? key['Region'] : '?',
  );
}

function buckets(view: EvidenceView, account: string, region: string): readonly PlacedResource[] {
  const need = awsNeed('s3.buckets', account, region);
  const answerOf = (call: string, bucket: string): JsonObject | undefined => {
    const found = view
      .answers(need)
      .find(({ item }) => item.key.call === call && item.key.parameters['bucket'] === bucket);
    return isJsonObject(found?.body) ? found.body : undefined;
  };
  return (view.list(need, 's3:ListBuckets') ?? []).map(({ Name, BucketRegion }) => {
    const name = String(Name);
    const location = answerOf('s3:GetBucketLocation', name);
    const { encrypted, key } = bucketEncryption(answerOf('s3:GetBucketEncryption', name));
    return {
      service: 's3',
      name: `arn:${view.deployment.partition}:s3:::${name}`,
      region: location === undefined ? undefined : agreedRegion(BucketRegion, location['LocationConstraint']),
      encrypted,
      ...(key === undefined ? {} : { key }),
    };
  });
}

/** Where the listing names a region too, both must say the same. */
function agreedRegion(listed: unknown, constraint: unknown): string | undefined {
  const region = bucketRegion(constraint);
  return listed === undefined || listed === region ? region : undefined;
}

/** GetBucketLocation says null for us-east-1 and EU for eu-west-1 (S3 API reference). */
function bucketRegion(constraint: unknown): string | undefined {
  if (constraint === null || constraint === '') return 'us-east-1';
  if (constraint === 'EU') return 'eu-west-1';
  return typeof constraint === 'string' ? constraint : undefined;
}

function bucketEncryption(answer: JsonObject | undefined): {
  readonly encrypted: boolean | 'unknown';
  readonly key?: string;
} {
  const configuration = isJsonObject(answer?.['ServerSideEncryptionConfiguration'])
    ? answer['ServerSideEncryptionConfiguration']
    : {};
  const rules = Array.isArray(configuration['Rules']) ? configuration['Rules'].filter(isJsonObject) : [];
  const [rule] = rules
    .map(({ ApplyServerSideEncryptionByDefault: byDefault }) => byDefault)
    .filter(isJsonObject);
  if (rule === undefined) return { encrypted: 'unknown' };
  const { SSEAlgorithm, KMSMasterKeyID } = rule;
  if (SSEAlgorithm !== 'AES256' && SSEAlgorithm !== 'aws:kms' && SSEAlgorithm !== 'aws:kms:dsse')
    return { encrypted: 'unknown' };
  // A bare key id or alias names a key of the bucket's own region; only a multi-region key is more than that.
  return typeof KMSMasterKeyID === 'string' && /^(?:arn:|mrk-)/.test(KMSMasterKeyID)
    ? { encrypted: true, key: KMSMasterKeyID }
    : { encrypted: true };
}

/** What a resource's place is held against. */
export interface PromisedPlace {
  readonly region: string;
  readonly accounts: readonly string[];
  /** ARNs of the keys that were described, each judged as a resource of its own. */
  readonly keys: readonly string[];
}

/** What is wrong with a resource's place, and what cannot be told. */
export function judgePlacement(
  resource: PlacedResource,
  promised: PromisedPlace,
): { readonly findings: readonly Observation[]; readonly reasons: readonly Reason[] } {
  const { region } = promised;
  const findings: Observation[] = [];
  const reasons: Reason[] = [];
  const unknown = (detail: string): void =>
    void reasons.push({ code: 'UNKNOWN_VALUE', scope: resource.name, detail });
  const find = (name: string, values: Observation['values']): void => {
    findings.push({
      class: name,
      resource: resource.name,
      values: { promised: region, ...values },
      witness: witnessOf(resource),
    });
  };
  if (resource.region === undefined) unknown('its region cannot be read');
  else if (resource.region !== region) find('RESOURCE_OUT_OF_REGION', { found: resource.region });
  if (resource.encrypted === 'unknown') unknown('its encryption cannot be read');
  else if (resource.encrypted === false) find('NOT_ENCRYPTED', {});
  if (resource.key !== undefined) {
    const { foreign, reason } = judgeKey(resource.key, promised);
    if (foreign !== undefined) find('KEY_OUT_OF_REGION', { found: foreign });
    if (reason?.code === 'UNKNOWN_VALUE') unknown(reason.detail);
    else if (reason !== undefined) reasons.push({ scope: resource.key, ...reason });
  }
  for (const zone of resource.zones ?? []) {
    if (zone.slice(0, -1) === region && /[a-z]$/.test(zone)) continue;
    const named = /^([a-z]{2}(?:-[a-z]+)+-\d{1,2})[a-z]$/.exec(zone)?.[1];
    if (named === undefined) unknown('it names a zone that is none of a region, such as a local one');
    else find('RESOURCE_OUT_OF_REGION', { found: named });
  }
  const elsewhere = (resource.replicas ?? []).filter((one) => one !== region);
  const known = [...new Set(elsewhere)].filter((one) => one !== '?');
  if (elsewhere.includes('?')) unknown('whether the key has replicas cannot be read');
  if (known.length > 0) find('KEY_MULTI_REGION', { found: known.join(', ') });
  for (const doubt of doubtsOf(resource)) unknown(doubt);
  return { findings, reasons };
}

function doubtsOf({ outside, origin }: PlacedResource): readonly string[] {
  return [
    ...(outside === undefined ? [] : [outside]),
    ...(origin === undefined ? [] : [`key material from ${origin} may lie anywhere`]),
  ];
}

/** The region of a key that is another one, or why nobody can tell that the key is of the region alone. */
function judgeKey(
  arn: string,
  { region, accounts, keys }: PromisedPlace,
): { readonly foreign?: string; readonly reason?: Pick<Reason, 'code' | 'detail'> } {
  const key = parseArn(arn);
  if (key?.service !== 'kms') return { reason: { code: 'UNKNOWN_VALUE', detail: 'its key cannot be read' } };
  if (key.region !== region) return { foreign: key.region };
  if (!accounts.includes(key.account)) {
    const detail = 'the key belongs to an account that the inventory does not list';
    return { reason: { code: 'OUT_OF_SCOPE_ACCOUNT', detail } };
  }
  // Where its replicas are, only its own description says (KMS developer guide, multi-Region keys).
  return key.resource.startsWith('key/mrk-') && !keys.includes(arn)
    ? { reason: { code: 'UNKNOWN_VALUE', detail: 'its key is a multi-region key that was not described' } }
    : {};
}

function witnessOf({ name, region, encrypted, key }: PlacedResource): Observation['witness'] {
  return [
    { label: 'resource', value: name },
    { label: 'region', value: region ?? '?' },
    ...(encrypted === undefined ? [] : [{ label: 'encrypted', value: String(encrypted) }]),
    ...(key === undefined ? [] : [{ label: 'key', value: key }]),
  ];
}
