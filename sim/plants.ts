import type { PlantedFlow } from './flow-records.ts';
import type { NamedStack } from './gateway-stack.ts';
import type { AwsObject, Stack } from './stack.ts';
import { replaceObject } from './stack.ts';

/** What the audit must report for a plant: the check, the class and, where it is fixed, the resource. */
export interface ExpectedFinding {
  readonly check: string;
  readonly class: string;
}

/** A violation put into an otherwise clean sample. */
export interface Plant {
  readonly id: PlantId;
  readonly title: string;
  readonly expects: readonly ExpectedFinding[];
  /** Changes the account; absent where the plant is elsewhere. */
  readonly stack?: (named: NamedStack) => Stack;
  readonly flows?: (named: NamedStack) => readonly PlantedFlow[];
  /** SQL that plants rows or columns; absent where the plant is elsewhere. */
  readonly sql?: readonly string[];
  /** Changes the inventory entry; absent where the plant is elsewhere. */
  readonly inventory?: (deployment: Record<string, unknown>) => Record<string, unknown>;
}

export const PLANT_IDS = [
  'plan-standard',
  'rds-unencrypted',
  'rds-foreign-key',
  'bucket-abroad',
  'key-multi-region',
  'sg-open-egress',
  'task-public-ipv6',
  'flow-initiated-abroad',
  'image-docker-hub',
  'image-foreign-registry',
  'image-pull-through',
  'undeclared-table',
  'undeclared-column',
  'undeclared-key',
  'class-violated',
  'prompt-in-error',
  'answer-in-metadata',
  'key-plaintext',
] as const;

export type PlantId = (typeof PLANT_IDS)[number];

export function isPlantId(text: string): text is PlantId {
  return (PLANT_IDS as readonly string[]).includes(text);
}

const FOREIGN_REGION: Readonly<Record<Stack['partition'], string>> = {
  aws: 'us-west-2',
  'aws-cn': 'cn-northwest-1',
};

/** Every plant of the generator. Expectations are the audit's promise: exactly these findings, no other. */
export const PLANTS: readonly Plant[] = [
  {
    id: 'plan-standard',
    title: 'The region was chosen on a plan that does not allow it',
    expects: [{ check: 'region.offered', class: 'PLAN_FORBIDS_CHOICE' }],
    inventory: (deployment) => ({ ...deployment, plan: 'standard' }),
  },
  {
    id: 'rds-unencrypted',
    title: 'The database lies on unencrypted storage',
    expects: [
      { check: 'placement.resources', class: 'NOT_ENCRYPTED' },
      { check: 'content.keys-encrypted', class: 'STORAGE_NOT_ENCRYPTED' },
    ],
    stack: ({ stack, names }) => ({
      ...stack,
      databaseInstances: replaceObject(
        stack.databaseInstances,
        'DBInstanceIdentifier',
        names.database,
        ({ KmsKeyId: _key, ...database }) => ({
          ...database,
          StorageEncrypted: false,
        }),
      ),
    }),
  },
  {
    id: 'rds-foreign-key',
    title: 'A second database is encrypted with a key of another region',
    expects: [{ check: 'placement.resources', class: 'KEY_OUT_OF_REGION' }],
    stack: ({ stack }) => ({
      ...stack,
      databaseInstances: [...stack.databaseInstances, foreignKeyDatabase(stack)],
    }),
  },
  {
    id: 'bucket-abroad',
    title: 'A bucket lies in another region',
    expects: [{ check: 'placement.resources', class: 'RESOURCE_OUT_OF_REGION' }],
    stack: ({ stack }) => {
      const first = stack.buckets[0];
      if (first === undefined) throw new Error('expected a bucket in the stack');
      const abroad = {
        ...first,
        name: `gateway-archive-${stack.account}`,
        location: FOREIGN_REGION[stack.partition],
        encryption: MANAGED_ENCRYPTION,
      };
      return { ...stack, buckets: [...stack.buckets, abroad] };
    },
  },
  {
    id: 'key-multi-region',
    title: 'A customer key is replicated to another region',
    expects: [{ check: 'placement.resources', class: 'KEY_MULTI_REGION' }],
    stack: ({ stack, names }) => ({
      ...stack,
      keys: [
        ...stack.keys,
        ...stack.keys.filter(({ KeyId }) => KeyId === names.key).map((key) => replicatedKey(stack, key)),
      ],
    }),
  },
  {
    id: 'sg-open-egress',
    title: "A security group opens the tasks' way to every address",
    expects: [{ check: 'network.egress', class: 'CAN_LEAVE_INITIATED' }],
    stack: ({ stack, names }) => ({
      ...stack,
      securityGroups: replaceObject(stack.securityGroups, 'GroupId', names.appGroup, (group) => ({
        ...group,
        IpPermissionsEgress: [
          ...(group['IpPermissionsEgress'] as readonly AwsObject[]),
          openPermission('0.0.0.0/0', undefined),
        ],
      })),
    }),
  },
  {
    id: 'task-public-ipv6',
    title: 'The console task has an IPv6 address and a way out by an egress-only gateway',
    expects: [{ check: 'network.egress', class: 'CAN_LEAVE_INITIATED' }],
    stack: openIpv6,
  },
  {
    id: 'flow-initiated-abroad',
    title: 'A task called a host outside the allowed countries',
    expects: [{ check: 'flows.egress', class: 'FLOW_INITIATED' }],
    flows: ({ plan }) => [{ peer: plan.foreign, port: 443, initiator: 'inside' }],
  },
  {
    id: 'image-docker-hub',
    title: 'A running task comes from a public hub',
    expects: [{ check: 'images.origin', class: 'IMAGE_NOT_PRIVATE' }],
    stack: ({ stack }) => withTaskImage(stack, 0, 'nginx:1.29'),
  },
  {
    id: 'image-foreign-registry',
    title: 'A running task comes from a registry of another region',
    expects: [{ check: 'images.origin', class: 'IMAGE_REGION_NOT_ALLOWED' }],
    stack: ({ stack }) =>
      withTaskImage(stack, 1, `${stack.account}.dkr.ecr.us-west-2.amazonaws.com/gateway-api:2026.11.3`),
  },
  {
    id: 'image-pull-through',
    title: 'A running task comes from a pull-through cache of a public hub',
    expects: [{ check: 'images.origin', class: 'IMAGE_PULLED_THROUGH' }],
    stack: ({ stack, names }) =>
      withTaskImage(
        {
          ...stack,
          pullThroughCacheRules: [
            {
              ecrRepositoryPrefix: 'hub',
              upstreamRegistryUrl: 'registry-1.docker.io',
              upstreamRegistry: 'docker-hub',
              registryId: stack.account,
            },
          ],
        },
        2,
        `${names.registry}/hub/library/nginx:1.29`,
      ),
  },
  {
    id: 'undeclared-table',
    title: 'A table that no data map declares',
    expects: [{ check: 'content.closed-schema', class: 'UNDECLARED_TABLE' }],
    sql: [
      'CREATE TABLE public.debug_requests (id bigint, note_id bigint)',
      'INSERT INTO public.debug_requests VALUES (1, 7)',
    ],
  },
  {
    id: 'undeclared-column',
    title: 'A column that no data map declares',
    expects: [{ check: 'content.closed-schema', class: 'UNDECLARED_COLUMN' }],
    sql: ['ALTER TABLE public.teams ADD COLUMN priority integer DEFAULT 3'],
  },
  {
    id: 'undeclared-key',
    title: 'A JSON key that no data map declares',
    expects: [{ check: 'content.closed-schema', class: 'UNDECLARED_KEY' }],
    sql: [`UPDATE public.request_logs SET metadata = metadata || '{"shadow": 1}'::jsonb WHERE id = 11`],
  },
  {
    id: 'class-violated',
    title: 'A model name column holds what is no model name',
    expects: [{ check: 'content.closed-schema', class: 'CLASS_VIOLATED' }],
    sql: [`UPDATE public.daily_spend SET model = 'x<script>' WHERE id = 3`],
  },
  {
    id: 'prompt-in-error',
    title: 'An error text echoes a prompt',
    expects: [{ check: 'content.absent', class: 'CONTENT_FOUND' }],
    sql: [
      `UPDATE public.request_logs SET error_text = 'Invalid request, content was: Please write a long letter to my grandmother about our summer holiday and tell her how much the children miss her garden.' WHERE id = 21`,
    ],
  },
  {
    id: 'answer-in-metadata',
    title: 'A metadata value holds a Chinese answer',
    expects: [
      { check: 'content.absent', class: 'CONTENT_FOUND' },
      { check: 'content.closed-schema', class: 'CLASS_VIOLATED' },
    ],
    sql: [
      `UPDATE public.request_logs SET metadata = jsonb_set(metadata, '{route}', '"您好，根据您提供的合同内容，我们建议您在签署之前咨询专业律师，并仔细核对付款条款与违约责任。"') WHERE id = 31`,
    ],
  },
  {
    id: 'key-plaintext',
    title: 'A provider key stands in plain text',
    expects: [{ check: 'content.keys-encrypted', class: 'PLAINTEXT_KEY' }],
    sql: [
      `UPDATE public.provider_credentials SET api_key_ciphertext = 'sk-proj-' || repeat('Ab9xQ2mT', 6) WHERE id = 2`,
    ],
  },
];

const MANAGED_ENCRYPTION: AwsObject = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

function foreignKeyDatabase(stack: Stack): AwsObject {
  const first = stack.databaseInstances[0];
  if (first === undefined) throw new Error('expected a database in the stack');
  const arn = (service: string, region: string, resource: string): string =>
    `arn:${stack.partition}:${service}:${region}:${stack.account}:${resource}`;
  return {
    ...first,
    DBInstanceIdentifier: 'gateway-reporting',
    DBInstanceArn: arn('rds', stack.region, 'db:gateway-reporting'),
    KmsKeyId: arn('kms', FOREIGN_REGION[stack.partition], 'key/5f0c7a52-6a0b-4a7e-9b1d-0d6cbe7c2f11'),
  };
}

function replicatedKey(stack: Stack, key: AwsObject): AwsObject {
  const id = 'mrk-7d1f0f6c52e04a5e9c0c0a8f2b6d4e31';
  const arn = (region: string): string => `arn:${stack.partition}:kms:${region}:${stack.account}:key/${id}`;
  return {
    ...key,
    KeyId: id,
    Arn: arn(stack.region),
    MultiRegion: true,
    MultiRegionConfiguration: {
      MultiRegionKeyType: 'PRIMARY',
      PrimaryKey: { Arn: arn(stack.region), Region: stack.region },
      ReplicaKeys: [{ Arn: arn(FOREIGN_REGION[stack.partition]), Region: FOREIGN_REGION[stack.partition] }],
    },
  };
}

function openPermission(v4: string | undefined, v6: string | undefined): AwsObject {
  return {
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    IpRanges: v4 === undefined ? [] : [{ CidrIp: v4 }],
    Ipv6Ranges: v6 === undefined ? [] : [{ CidrIpv6: v6 }],
    PrefixListIds: [],
    UserIdGroupPairs: [],
  };
}

/** Gives the console task, in a group of its own, an IPv6 way out that no IPv4 rule shows. */
function openIpv6({ stack, names }: NamedStack): Stack {
  const gateway = 'eigw-0c1b7e6ad95f40321';
  const console_ = names.appInterfaces[2] ?? '';
  const group = 'sg-0f6e5d4c3b2a19087';
  const cidr = '2406:da14:1a2b:3c00::/56';
  const subnet = String(
    stack.networkInterfaces.find((one) => one['NetworkInterfaceId'] === console_)?.['SubnetId'],
  );
  const subnetCidr = '2406:da14:1a2b:3c10::/64';
  const association = (member: string): AwsObject => ({
    Ipv6CidrBlock: member,
    Ipv6CidrBlockState: { State: 'associated' },
  });
  return {
    ...stack,
    vpcs: stack.vpcs.map((vpc) => ({ ...vpc, Ipv6CidrBlockAssociationSet: [association(cidr)] })),
    subnets: replaceObject(stack.subnets, 'SubnetId', subnet, (one) => ({
      ...one,
      Ipv6CidrBlockAssociationSet: [association(subnetCidr)],
    })),
    egressOnlyInternetGateways: [
      { EgressOnlyInternetGatewayId: gateway, Attachments: [{ State: 'attached', VpcId: names.vpc }] },
    ],
    routeTables: replaceObject(stack.routeTables, 'RouteTableId', names.privateTable, (table) => ({
      ...table,
      Routes: [
        ...(table['Routes'] as readonly AwsObject[]),
        { DestinationIpv6CidrBlock: cidr, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
        {
          DestinationIpv6CidrBlock: '::/0',
          EgressOnlyInternetGatewayId: gateway,
          Origin: 'CreateRoute',
          State: 'active',
        },
      ],
    })),
    networkAcls: stack.networkAcls.map((acl) => ({
      ...acl,
      Entries: [
        ...(acl['Entries'] as readonly AwsObject[]),
        ...[true, false].map((Egress) => ({
          RuleNumber: 101,
          Egress,
          Protocol: '-1',
          RuleAction: 'allow',
          Ipv6CidrBlock: '::/0',
        })),
      ],
    })),
    networkInterfaces: replaceObject(stack.networkInterfaces, 'NetworkInterfaceId', console_, (one) => ({
      ...one,
      Groups: [...(one['Groups'] as readonly AwsObject[]), { GroupId: group, GroupName: 'console-ipv6' }],
      Ipv6Addresses: [{ Ipv6Address: '2406:da14:1a2b:3c10::23' }],
    })),
    securityGroups: [
      ...stack.securityGroups,
      {
        GroupId: group,
        GroupName: 'console-ipv6',
        Description: 'console-ipv6',
        VpcId: names.vpc,
        OwnerId: stack.account,
        IpPermissions: [],
        IpPermissionsEgress: [openPermission(undefined, '::/0')],
      },
    ],
  };
}

function withTaskImage(stack: Stack, index: number, image: string): Stack {
  return {
    ...stack,
    tasks: stack.tasks.map((task, at) =>
      at === index
        ? {
            ...task,
            containers: (task['containers'] as readonly AwsObject[]).map((container) => ({
              ...container,
              image,
            })),
          }
        : task,
    ),
  };
}
