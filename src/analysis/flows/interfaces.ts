import type { JsonObject, Reason } from '../../core/index.ts';
import { isJsonObject } from '../../core/index.ts';
import type { Deployment, EvidenceView, Need } from '../../evidence/index.ts';
import { awsNeed } from '../../evidence/index.ts';

/** A network interface as the flow logs know it: its id and its own private addresses. */
export interface KnownInterface {
  readonly id: string;
  readonly account: string;
  readonly vpc: string;
  readonly subnet: string;
  /** Whether it is a NAT gateway's: what it sends, another interface has sent before. */
  readonly translates: boolean;
  readonly addresses: readonly string[];
}

/** Where a deployment's interfaces are listed: its workload accounts in its region. */
export function interfaceNeeds(deployment: Deployment): readonly Need[] {
  return deployment.accounts
    .filter(({ purpose }) => purpose === 'workload')
    .map(({ id }) => awsNeed('ec2.network-interfaces', id, deployment.region));
}

/** The interfaces that were listed; an account without a listing contributes none, and the runner says so. */
export function knownInterfaces(view: EvidenceView): readonly KnownInterface[] {
  return interfaceNeeds(view.deployment).flatMap((need) =>
    (view.list(need, 'ec2:DescribeNetworkInterfaces') ?? []).map((entry) => interfaceOf(entry, need.account)),
  );
}

/**
 * A workload account without a single interface in the region is more likely another account, another region or an
 * export that failed than one that runs nothing: of what was not looked at nothing can be said.
 */
export function accountsWithoutInterfaces(view: EvidenceView): readonly Reason[] {
  const listed = new Set(knownInterfaces(view).map(({ account }) => account));
  return interfaceNeeds(view.deployment)
    .filter(({ account }) => !listed.has(account))
    .map(
      ({ account, region }): Reason => ({
        code: 'NOT_COLLECTED',
        scope: `network interfaces (${account}/${region})`,
        detail: 'none was listed, so that nothing says what there is to examine',
      }),
    );
}

function interfaceOf(entry: JsonObject, account: string): KnownInterface {
  const text = (value: unknown): readonly string[] => (typeof value === 'string' ? [value] : []);
  const inside = (list: unknown, member: string): readonly string[] =>
    Array.isArray(list) ? list.filter(isJsonObject).flatMap((one) => text(one[member])) : [];
  return {
    id: text(entry['NetworkInterfaceId'])[0] ?? '',
    account,
    vpc: text(entry['VpcId'])[0] ?? '',
    subnet: text(entry['SubnetId'])[0] ?? '',
    translates: entry['InterfaceType'] === 'nat_gateway',
    addresses: [
      ...new Set([
        ...text(entry['PrivateIpAddress']),
        ...inside(entry['PrivateIpAddresses'], 'PrivateIpAddress'),
        ...inside(entry['Ipv6Addresses'], 'Ipv6Address'),
      ]),
    ],
  };
}
