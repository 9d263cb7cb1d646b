import { byCodeUnit } from '../core/index.ts';
import { sharedCalls, withOrigins } from './calls.ts';
import type { Deployment } from './generated/inventory.ts';
import { flowLogRoot } from './log-layout.ts';
import type { Need } from './need.ts';
import { accountsOf, IDENTITY_CALL } from './plan.ts';

/** One statement of an IAM policy, as far as it is used here. */
export interface IamStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** An IAM policy (IAM user guide, JSON policy elements). */
export interface IamPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly IamStatement[];
}

/**
 * The least that the auditing role of one account must be allowed: the read calls that the needs lead to, and of
 * objects only the flow logs. Describe and list calls know no narrower resource than `*`; calls about buckets
 * and keys do, and so do the logs, which the inventory names.
 */
export function iamPolicyOf(deployment: Deployment, needs: readonly Need[], account: string): IamPolicy {
  const actions = new Set<string>([IDENTITY_CALL.call]);
  for (const { kinds } of accountsOf(needs.filter((need) => need.account === account))) {
    for (const { uses } of sharedCalls(withOrigins(kinds)))
      for (const { spec } of uses) for (const action of spec.iam) actions.add(action);
  }
  const arn = arnsOf(deployment, account);
  const groups = Map.groupBy([...actions].sort(byCodeUnit), (action) => groupOf(action));
  const allow = (Sid: string, group: ActionGroup, Resource: IamStatement['Resource']): IamStatement[] => {
    const Action = groups.get(group);
    return Action === undefined ? [] : [{ Sid, Effect: 'Allow', Action, Resource }];
  };
  return {
    Version: '2012-10-17',
    Statement: [
      ...allow('ReadConfiguration', 'any', '*'),
      ...allow('ReadBuckets', 'bucket', `arn:${deployment.partition}:s3:::*`),
      ...allow('ReadKeys', 'key', arn('kms', 'key/*')),
      ...logStatements(deployment, needs, account),
    ],
  };
}

type ActionGroup = 'any' | 'bucket' | 'key';

/** Which actions take a resource (Service Authorization Reference). */
function groupOf(action: string): ActionGroup {
  if (action.startsWith('s3:Get')) return 'bucket';
  return action === 'kms:DescribeKey' ? 'key' : 'any';
}

function arnsOf({ partition, region }: Deployment, account: string) {
  return (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** The listing and the objects of the log sources of an account; their key may be used for nothing but them. */
function logStatements(
  deployment: Deployment,
  needs: readonly Need[],
  account: string,
): readonly IamStatement[] {
  const wanted = new Set(
    needs.filter(({ kind }) => kind.startsWith('flow-logs.')).map(({ target }) => target),
  );
  const sources = deployment.logSources.filter(
    (source) => source.account === account && wanted.has(source.id),
  );
  return sources.flatMap(({ bucket, prefix }, index): readonly IamStatement[] => {
    if (bucket === undefined) return [];
    const arn = `arn:${deployment.partition}:s3:::${bucket}`;
    const root = `${flowLogRoot(prefix)}AWSLogs/`;
    const number = sources.length === 1 ? '' : String(index + 1);
    return [
      {
        Sid: `ListFlowLogs${number}`,
        Effect: 'Allow',
        Action: ['s3:ListBucket'],
        Resource: arn,
        Condition: { StringLike: { 's3:prefix': [`${root}*`] } },
      },
      {
        Sid: `ReadFlowLogs${number}`,
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: `${arn}/${root}*`,
      },
      {
        Sid: `DecryptFlowLogs${number}`,
        Effect: 'Allow',
        Action: ['kms:Decrypt'],
        // The inventory names no key of the bucket; S3 names the bucket, or the object, to the key.
        Resource: `arn:${deployment.partition}:kms:*:*:key/*`,
        Condition: {
          StringLike: {
            'kms:ViaService': `s3.*.${deployment.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}`,
            'kms:EncryptionContext:aws:s3:arn': [arn, `${arn}/${root}*`],
          },
        },
      },
    ];
  });
}
