import type { PlantedFlow } from './flow-records.ts';
import type { NamedStack } from './gateway-stack.ts';
import {
  arnOf,
  cachedImage,
  EGRESS_ONLY_GATEWAY,
  FOREIGN_REGION,
  foreignImage,
  foreignKeyDatabase,
  IPV6_GROUP,
  MANAGED_ENCRYPTION,
  openIpv6,
  openPermission,
  REPLICATED_KEY,
  replicatedKey,
  withTaskImage,
} from './plant-changes.ts';
import type { AwsObject, Stack } from './stack.ts';
import { replaceObject } from './stack.ts';

/** What the audit must report for a plant: the check, the class and the resource. */
export interface ExpectedFinding {
  readonly check: string;
  readonly class: string;
  readonly resource: string | ((named: NamedStack) => string);
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

/** A finding at a place of the gateway's own database. */
function at(check: string, name: string, place: string): ExpectedFinding {
  return { check, class: name, resource: `gateway.public.${place}` };
}

/** Every plant of the generator. Expectations are the audit's promise: exactly these findings, no other. */
export const PLANTS: readonly Plant[] = [
  {
    id: 'plan-standard',
    title: 'The region was chosen on a plan that does not allow it',
    expects: [{ check: 'region.offered', class: 'PLAN_FORBIDS_CHOICE', resource: 'acme-cn' }],
    inventory: (deployment) => ({ ...deployment, plan: 'standard' }),
  },
  {
    id: 'rds-unencrypted',
    title: 'The database lies on unencrypted storage',
    expects: [
      {
        check: 'placement.resources',
        class: 'NOT_ENCRYPTED',
        resource: ({ stack, names }) => arnOf(stack, 'rds', stack.region, `db:${names.database}`),
      },
      {
        check: 'content.keys-encrypted',
        class: 'STORAGE_NOT_ENCRYPTED',
        resource: ({ names }) => names.database,
      },
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
    expects: [
      {
        check: 'placement.resources',
        class: 'KEY_OUT_OF_REGION',
        resource: ({ stack }) => arnOf(stack, 'rds', stack.region, 'db:gateway-reporting'),
      },
    ],
    stack: ({ stack }) => ({
      ...stack,
      databaseInstances: [...stack.databaseInstances, foreignKeyDatabase(stack)],
    }),
  },
  {
    id: 'bucket-abroad',
    title: 'A bucket lies in another region',
    expects: [
      {
        check: 'placement.resources',
        class: 'RESOURCE_OUT_OF_REGION',
        resource: ({ stack }) => `arn:${stack.partition}:s3:::gateway-archive-${stack.account}`,
      },
    ],
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
    expects: [
      {
        check: 'placement.resources',
        class: 'KEY_MULTI_REGION',
        resource: ({ stack }) => arnOf(stack, 'kms', stack.region, `key/${REPLICATED_KEY}`),
      },
    ],
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
    expects: [
      {
        check: 'network.egress',
        class: 'CAN_LEAVE_INITIATED',
        resource: ({ names }) => `${names.appGroup} → ${names.internetGateway}`,
      },
    ],
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
    expects: [
      {
        check: 'network.egress',
        class: 'CAN_LEAVE_INITIATED',
        resource: `${IPV6_GROUP} → ${EGRESS_ONLY_GATEWAY}`,
      },
    ],
    stack: openIpv6,
  },
  {
    id: 'flow-initiated-abroad',
    title: 'A task called a host outside the allowed countries',
    expects: [{ check: 'flows.egress', class: 'FLOW_INITIATED', resource: ({ plan }) => plan.foreign }],
    flows: ({ plan }) => [{ peer: plan.foreign, port: 443, initiator: 'inside' }],
  },
  {
    id: 'image-docker-hub',
    title: 'A running task comes from a public hub',
    expects: [{ check: 'images.origin', class: 'IMAGE_NOT_PRIVATE', resource: 'nginx:1.29' }],
    stack: ({ stack }) => withTaskImage(stack, 0, 'nginx:1.29'),
  },
  {
    id: 'image-foreign-registry',
    title: 'A running task comes from a registry of another region',
    expects: [
      {
        check: 'images.origin',
        class: 'IMAGE_REGION_NOT_ALLOWED',
        resource: ({ stack }) => foreignImage(stack),
      },
    ],
    stack: ({ stack }) => withTaskImage(stack, 1, foreignImage(stack)),
  },
  {
    id: 'image-pull-through',
    title: 'A running task comes from a pull-through cache of a public hub',
    expects: [{ check: 'images.origin', class: 'IMAGE_PULLED_THROUGH', resource: cachedImage }],
    stack: ({ stack, ...named }) =>
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
        cachedImage(named),
      ),
  },
  {
    id: 'undeclared-table',
    title: 'A table that no data map declares',
    expects: [at('content.closed-schema', 'UNDECLARED_TABLE', 'debug_requests')],
    sql: [
      'CREATE TABLE public.debug_requests (id bigint, note_id bigint)',
      'INSERT INTO public.debug_requests VALUES (1, 7)',
    ],
  },
  {
    id: 'undeclared-column',
    title: 'A column that no data map declares',
    expects: [at('content.closed-schema', 'UNDECLARED_COLUMN', 'teams.priority')],
    sql: ['ALTER TABLE public.teams ADD COLUMN priority integer DEFAULT 3'],
  },
  {
    id: 'undeclared-key',
    title: 'A JSON key that no data map declares',
    expects: [at('content.closed-schema', 'UNDECLARED_KEY', 'request_logs.metadata.*')],
    sql: [`UPDATE public.request_logs SET metadata = metadata || '{"shadow": 1}'::jsonb WHERE id = 11`],
  },
  {
    id: 'class-violated',
    title: 'A model name column holds what is no model name',
    expects: [at('content.closed-schema', 'CLASS_VIOLATED', 'daily_spend.model')],
    sql: [`UPDATE public.daily_spend SET model = 'x<script>' WHERE id = 3`],
  },
  {
    id: 'prompt-in-error',
    title: 'An error text echoes a prompt',
    expects: [at('content.absent', 'CONTENT_FOUND', 'request_logs.error_text')],
    sql: [
      `UPDATE public.request_logs SET error_text = 'Invalid request, content was: Please write a long letter to my grandmother about our summer holiday and tell her how much the children miss her garden.' WHERE id = 21`,
    ],
  },
  {
    id: 'answer-in-metadata',
    title: 'A metadata value holds a Chinese answer',
    expects: [
      at('content.absent', 'CONTENT_FOUND', 'request_logs.metadata.route'),
      at('content.closed-schema', 'CLASS_VIOLATED', 'request_logs.metadata.route'),
    ],
    sql: [
      `UPDATE public.request_logs SET metadata = jsonb_set(metadata, '{route}', '"您好，根据您提供的合同内容，我们建议您在签署之前咨询专业律师，并仔细核对付款条款与违约责任。"') WHERE id = 31`,
    ],
  },
  {
    id: 'key-plaintext',
    title: 'A provider key stands in plain text',
    expects: [
      at('content.keys-encrypted', 'PLAINTEXT_KEY', 'provider_credentials.api_key_ciphertext'),
      at('content.closed-schema', 'CLASS_VIOLATED', 'provider_credentials.api_key_ciphertext'),
    ],
    sql: [
      `UPDATE public.provider_credentials SET api_key_ciphertext = 'sk-proj-' || repeat('Ab9xQ2mT', 6) WHERE id = 2`,
    ],
  },
];
