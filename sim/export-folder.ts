import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { absentServices, bypassAnswers } from './bypass-answers.ts';
import type { LogObject } from './flow-objects.ts';
import type { AwsObject, Stack } from './stack.ts';

/** One file of an export folder with the command that wrote it. */
export interface ExportFile {
  /** Path inside `<account>/<region>/`. */
  readonly file: string;
  readonly command: string;
  readonly body: AwsObject;
}

/** A call that the exporting person was not allowed to make: the command, and what AWS answered. */
export interface RefusedCall {
  readonly command: string;
  readonly error: string;
}

/** What to leave out of a folder, as people do. */
export interface ExportOmissions {
  readonly refused?: readonly RefusedCall[];
  /** Positions of log objects that are listed but not handed over. */
  readonly missingLogs?: readonly number[];
}

/** What a stack without transit gateways, VPN, mirroring and doors for people answers when it is asked about them. */
const NOTHING_JOINED: readonly (readonly [command: string, member: string])[] = [
  ['describe-transit-gateways', 'TransitGateways'],
  ['describe-transit-gateway-attachments', 'TransitGatewayAttachments'],
  ['describe-transit-gateway-vpc-attachments', 'TransitGatewayVpcAttachments'],
  ['describe-transit-gateway-peering-attachments', 'TransitGatewayPeeringAttachments'],
  ['describe-transit-gateway-route-tables', 'TransitGatewayRouteTables'],
  ['describe-vpn-gateways', 'VpnGateways'],
  ['describe-vpn-connections', 'VpnConnections'],
  ['describe-customer-gateways', 'CustomerGateways'],
  ['describe-vpc-block-public-access-exclusions', 'VpcBlockPublicAccessExclusions'],
  ['describe-instances', 'Reservations'],
  ['describe-traffic-mirror-sessions', 'TrafficMirrorSessions'],
  ['describe-traffic-mirror-targets', 'TrafficMirrorTargets'],
  ['describe-client-vpn-endpoints', 'ClientVpnEndpoints'],
  ['describe-instance-connect-endpoints', 'InstanceConnectEndpoints'],
  ['describe-verified-access-endpoints', 'VerifiedAccessEndpoints'],
];

const DNS_SUPPORT = '--attribute enableDnsSupport';

/** The answers of the AWS CLI for a whole stack, one file a call. */
export function exportFiles(stack: Stack): readonly ExportFile[] {
  const clusters = stack.clusters.map((cluster) => String(cluster['clusterArn']));
  const file = (name: string, command: string, body: AwsObject): ExportFile => ({
    file: `${name}.json`,
    command: `aws ${command} --region ${stack.region}`,
    body,
  });
  const arns = (objects: readonly AwsObject[], member: string): readonly string[] =>
    objects.map((object) => String(object[member]));
  return [
    file('vpcs', 'ec2 describe-vpcs', { Vpcs: stack.vpcs }),
    file('subnets', 'ec2 describe-subnets', { Subnets: stack.subnets }),
    file('route-tables', 'ec2 describe-route-tables', { RouteTables: stack.routeTables }),
    file('internet-gateways', 'ec2 describe-internet-gateways', { InternetGateways: stack.internetGateways }),
    file('egress-only-internet-gateways', 'ec2 describe-egress-only-internet-gateways', {
      EgressOnlyInternetGateways: stack.egressOnlyInternetGateways,
    }),
    file('nat-gateways', 'ec2 describe-nat-gateways', { NatGateways: stack.natGateways }),
    file('network-interfaces', 'ec2 describe-network-interfaces', {
      NetworkInterfaces: stack.networkInterfaces,
    }),
    file('security-groups', 'ec2 describe-security-groups', { SecurityGroups: stack.securityGroups }),
    file('network-acls', 'ec2 describe-network-acls', { NetworkAcls: stack.networkAcls }),
    file('addresses', 'ec2 describe-addresses', { Addresses: stack.addresses }),
    file('vpc-endpoints', 'ec2 describe-vpc-endpoints', { VpcEndpoints: stack.vpcEndpoints }),
    file('vpc-peering-connections', 'ec2 describe-vpc-peering-connections', { VpcPeeringConnections: [] }),
    file('managed-prefix-lists', 'ec2 describe-managed-prefix-lists', { PrefixLists: [] }),
    ...NOTHING_JOINED.map(([command, member]) => file(member, `ec2 ${command}`, { [member]: [] })),
    ...stack.vpcs.map(({ VpcId }, index) =>
      file(`vpc-attribute-${index}`, `ec2 describe-vpc-attribute --vpc-id ${String(VpcId)} ${DNS_SUPPORT}`, {
        VpcId: VpcId ?? null,
        EnableDnsSupport: { Value: true },
      }),
    ),
    file('dhcp-options', 'ec2 describe-dhcp-options', {
      DhcpOptions: stack.vpcs.map(({ DhcpOptionsId, OwnerId }) => ({
        DhcpOptionsId: DhcpOptionsId ?? null,
        OwnerId: OwnerId ?? null,
        DhcpConfigurations: [{ Key: 'domain-name-servers', Values: [{ Value: 'AmazonProvidedDNS' }] }],
      })),
    }),
    file('flow-logs', 'ec2 describe-flow-logs', { FlowLogs: stack.flowLogs }),
    file('db-instances', 'rds describe-db-instances', { DBInstances: stack.databaseInstances }),
    file('db-clusters', 'rds describe-db-clusters', { DBClusters: [] }),
    file('clusters', 'ecs list-clusters', { clusterArns: clusters }),
    file('clusters-described', `ecs describe-clusters --clusters ${clusters.join(' ')}`, {
      clusters: stack.clusters,
      failures: [],
    }),
    ...clusters.flatMap((cluster) => [
      file('services', `ecs list-services --cluster ${cluster}`, {
        serviceArns: arns(stack.services, 'serviceArn'),
      }),
      file(
        'services-described',
        `ecs describe-services --cluster ${cluster} --services ${arns(stack.services, 'serviceArn').join(' ')}`,
        { services: stack.services, failures: [] },
      ),
      file('tasks', `ecs list-tasks --cluster ${cluster}`, { taskArns: arns(stack.tasks, 'taskArn') }),
      file(
        'tasks-described',
        `ecs describe-tasks --cluster ${cluster} --tasks ${arns(stack.tasks, 'taskArn').join(' ')}`,
        { tasks: stack.tasks, failures: [] },
      ),
    ]),
    ...stack.taskDefinitions.map((definition, index) =>
      file(
        `task-definition-${index}`,
        `ecs describe-task-definition --task-definition ${String(definition['taskDefinitionArn'])}`,
        { taskDefinition: definition },
      ),
    ),
    file('pull-through-cache-rules', 'ecr describe-pull-through-cache-rules', {
      pullThroughCacheRules: stack.pullThroughCacheRules,
    }),
    file('buckets', 's3api list-buckets', {
      Buckets: stack.buckets.map(({ name }) => ({ Name: name, CreationDate: '2026-01-10T08:00:00+00:00' })),
      Owner: { ID: '0'.repeat(64) },
    }),
    ...stack.buckets.flatMap(({ name, location, encryption }, index) => [
      file(`bucket-location-${index}`, `s3api get-bucket-location --bucket ${name}`, {
        LocationConstraint: location,
      }),
      file(`bucket-encryption-${index}`, `s3api get-bucket-encryption --bucket ${name}`, {
        ServerSideEncryptionConfiguration: encryption,
      }),
    ]),
    file('keys', 'kms list-keys', {
      Keys: stack.keys.map(({ KeyId, Arn }) => ({ KeyId: KeyId ?? null, KeyArn: Arn ?? null })),
    }),
    ...stack.keys.map((key, index) =>
      file(`key-${index}`, `kms describe-key --key-id ${String(key['KeyId'])}`, { KeyMetadata: key }),
    ),
    ...[...bypassAnswers(stack), ...(stack.others ?? [])].map(({ command, body }, index) =>
      file(`other-${index}`, command, body),
    ),
  ];
}

/**
 * Writes an export folder as a careful person would hand it over: `<account>/<region>/*.json` with an
 * `index.json` (file, command, time, exit code), and the log objects with their listing.
 */
export async function writeExportFolder(
  directory: string,
  stack: Stack,
  logs: readonly LogObject[],
  time: string,
  omissions: ExportOmissions = {},
): Promise<void> {
  const place = join(directory, stack.account, stack.region);
  const listing = listingFile(stack, logs);
  const refused = [...(omissions.refused ?? []), ...absentServices(stack)];
  const allowed = (command: string): boolean =>
    !refused.some((call) => command.startsWith(`aws ${call.command} `));
  const files = [...exportFiles(stack), ...(logs.length > 0 ? [listing] : [])].filter(({ command }) =>
    allowed(command),
  );

  for (const { file, body } of files)
    await writeText(join(place, file), `${JSON.stringify(body, null, 1)}\n`);
  const index = [
    ...files.map(({ file, command }) => ({ file, command, time, exitCode: 0 })),
    ...refused.map(({ command, error }) => ({
      command: `aws ${command} --region ${stack.region}`,
      time,
      exitCode: 254,
      error,
    })),
  ];
  await writeText(join(place, 'index.json'), `${JSON.stringify(index, null, 1)}\n`);
  for (const [position, { key, bytes }] of logs.entries()) {
    if (omissions.missingLogs?.includes(position)) continue;
    const path = join(directory, 'logs', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

/** What `list-objects-v2` says of the log objects, with the ETag that S3 gives a single-part upload. */
function listingFile(stack: Stack, logs: readonly LogObject[]): ExportFile {
  const Contents = logs.map(({ key, bytes }) => ({
    Key: key,
    Size: bytes.length,
    ETag: `"${createHash('md5').update(bytes).digest('hex')}"`,
    LastModified: lastModified(key),
    StorageClass: 'STANDARD',
  }));
  return {
    file: 'log-objects.json',
    command: `aws s3api list-objects-v2 --bucket gateway-flow-logs-${stack.account} --prefix AWSLogs/ --region ${stack.region}`,
    body: { Contents, RequestCharged: null },
  };
}

function lastModified(key: string): string {
  const stamp = /_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z_/.exec(key);
  if (stamp === null) throw new Error('expected a flow-log object key with its time');
  const [, year, month, day, hour, minute] = stamp;
  return `${year}-${month}-${day}T${hour}:${minute}:58+00:00`;
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
