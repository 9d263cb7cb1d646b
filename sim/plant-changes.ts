import type { NamedStack } from './gateway-stack.ts';
import type { AwsObject, Stack } from './stack.ts';
import { replaceObject } from './stack.ts';

/** What the plants of `plants.ts` do to an account, one function each. */

/** The id of the key that is replicated. */
export const REPLICATED_KEY = 'mrk-7d1f0f6c52e04a5e9c0c0a8f2b6d4e31';

export const FOREIGN_REGION: Readonly<Record<Stack['partition'], string>> = {
  aws: 'us-west-2',
  'aws-cn': 'cn-northwest-1',
};

export function arnOf(stack: Stack, service: string, region: string, resource: string): string {
  return `arn:${stack.partition}:${service}:${region}:${stack.account}:${resource}`;
}

export function foreignImage({ account }: Stack): string {
  return `${account}.dkr.ecr.us-west-2.amazonaws.com/gateway-api:2026.11.3`;
}

export function cachedImage({ names }: Pick<NamedStack, 'names'>): string {
  return `${names.registry}/hub/library/nginx:1.29`;
}

export const MANAGED_ENCRYPTION: AwsObject = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

export function foreignKeyDatabase(stack: Stack): AwsObject {
  const first = stack.databaseInstances[0];
  if (first === undefined) throw new Error('expected a database in the stack');
  return {
    ...first,
    DBInstanceIdentifier: 'gateway-reporting',
    DBInstanceArn: arnOf(stack, 'rds', stack.region, 'db:gateway-reporting'),
    // Whatever another plant did to the first database.
    StorageEncrypted: true,
    KmsKeyId: arnOf(
      stack,
      'kms',
      FOREIGN_REGION[stack.partition],
      'key/5f0c7a52-6a0b-4a7e-9b1d-0d6cbe7c2f11',
    ),
  };
}

export function replicatedKey(stack: Stack, key: AwsObject): AwsObject {
  const arn = (region: string): string => arnOf(stack, 'kms', region, `key/${REPLICATED_KEY}`);
  return {
    ...key,
    KeyId: REPLICATED_KEY,
    Arn: arn(stack.region),
    MultiRegion: true,
    MultiRegionConfiguration: {
      MultiRegionKeyType: 'PRIMARY',
      PrimaryKey: { Arn: arn(stack.region), Region: stack.region },
      ReplicaKeys: [{ Arn: arn(FOREIGN_REGION[stack.partition]), Region: FOREIGN_REGION[stack.partition] }],
    },
  };
}

export function openPermission(v4: string | undefined, v6: string | undefined): AwsObject {
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

export const EGRESS_ONLY_GATEWAY = 'eigw-0c1b7e6ad95f40321';
export const IPV6_GROUP = 'sg-0f6e5d4c3b2a19087';

/** Gives the console task, in a group of its own, an IPv6 way out that no IPv4 rule shows. */
export function openIpv6({ stack, names }: NamedStack): Stack {
  const console_ = names.appInterfaces[2] ?? '';
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
      {
        EgressOnlyInternetGatewayId: EGRESS_ONLY_GATEWAY,
        Attachments: [{ State: 'attached', VpcId: names.vpc }],
      },
    ],
    routeTables: replaceObject(stack.routeTables, 'RouteTableId', names.privateTable, (table) => ({
      ...table,
      Routes: [
        ...(table['Routes'] as readonly AwsObject[]),
        { DestinationIpv6CidrBlock: cidr, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
        {
          DestinationIpv6CidrBlock: '::/0',
          EgressOnlyInternetGatewayId: EGRESS_ONLY_GATEWAY,
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
      Groups: [
        ...(one['Groups'] as readonly AwsObject[]),
        { GroupId: IPV6_GROUP, GroupName: 'console-ipv6' },
      ],
      Ipv6Addresses: [{ Ipv6Address: '2406:da14:1a2b:3c10::23' }],
    })),
    securityGroups: [
      ...stack.securityGroups,
      {
        GroupId: IPV6_GROUP,
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

export function withTaskImage(stack: Stack, index: number, image: string): Stack {
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
