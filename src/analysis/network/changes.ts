import type { JsonObject } from '../../core/index.ts';
import { byCodeUnit, canonicalJson } from '../../core/index.ts';
import { LISTINGS } from './build-network.ts';
import { textOf } from './json-fields.ts';
import type { Problem } from './model.ts';
import type { NetworkSource } from './network-source.ts';

/**
 * What was different when the run ended: an object that came, went or changed. Nobody can say what the network
 * let through in between, whatever either snapshot lets through.
 */
export function changesBetween(start: NetworkSource, end: NetworkSource): readonly Problem[] {
  const listed = [...Object.values(LISTINGS), ...BESIDE].flatMap(([kind, call, member]) =>
    differences(textsById(start.list(kind, call), member), textsById(end.list(kind, call), member)),
  );
  return [...listed, ...differences(entriesById(start), entriesById(end))];
}

/** What routes, rules and exits refer to beside the objects of the model. */
const BESIDE = [
  ['ec2.internet-gateways', 'ec2:DescribeInternetGateways', 'InternetGatewayId'],
  [
    'ec2.egress-only-internet-gateways',
    'ec2:DescribeEgressOnlyInternetGateways',
    'EgressOnlyInternetGatewayId',
  ],
  ['ec2.addresses', 'ec2:DescribeAddresses', 'PublicIp'],
  ['ec2.managed-prefix-lists', 'ec2:DescribeManagedPrefixLists', 'PrefixListId'],
  ['ec2.traffic-mirroring', 'ec2:DescribeTrafficMirrorSessions', 'TrafficMirrorSessionId'],
  ['ec2.traffic-mirroring', 'ec2:DescribeTrafficMirrorTargets', 'TrafficMirrorTargetId'],
] as const;

function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly Problem[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((id) => before.get(id) !== after.get(id))
    .sort(byCodeUnit)
    .map((object): Problem => {
      const what = !before.has(object) ? 'came' : !after.has(object) ? 'went' : 'changed';
      return { code: 'CHANGED_DURING_SCAN', object, detail: `it ${what} while the run read the network` };
    });
}

function entriesById({ answers }: NetworkSource): ReadonlyMap<string, string> {
  return new Map(
    answers('ec2.managed-prefix-lists', 'ec2:GetManagedPrefixListEntries').map(({ parameters, body }) => [
      parameters['prefix-list-id'] ?? '',
      canonicalJson(body),
    ]),
  );
}

function textsById(objects: readonly JsonObject[], member: string): ReadonlyMap<string, string> {
  return new Map(objects.map((object) => [textOf(object, member), canonicalJson(object)]));
}
