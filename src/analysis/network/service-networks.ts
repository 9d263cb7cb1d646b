import type { IpSet, JsonObject } from '../../core/index.ts';
import { containsAddress, parseAddress } from '../../core/index.ts';
import { textOf, textsOf } from './json-fields.ts';
import type { Problem, ServiceFunction, ServiceNetworks } from './model.ts';
import type { NetworkSource } from './network-source.ts';
import { wholeListing } from './whole-listing.ts';

const ASSOCIATIONS = 'vpc-lattice.associations';
const TARGETS = 'vpc-lattice.targets';

/** What is known of the network that a service network could lead into. */
interface Known {
  /** Of a VPC of the evidence. */
  readonly vpcCidrs: (id: string) => IpSet | undefined;
  readonly functions: ReadonlyMap<string, ServiceFunction>;
}

/**
 * VPC Lattice carries packets from a VPC to what is associated with a service network, past the VPC's own routes.
 * Where all of that is in VPCs of the evidence, it stays where it can be asked about; else the problem says what may
 * lie elsewhere. A service runs in the region of its network; whose it is, and what is behind it, its owner tells.
 */
export function serviceNetworksOf(sources: readonly NetworkSource[], known: Known): ServiceNetworks {
  const problems = new Map<string, Problem | null>();
  const resources = new Map<string, Problem | null>();
  const byVpc = new Map<string, Set<string>>();
  const judge = (network: string): void => {
    if (!problems.has(network)) problems.set(network, networkProblem(sources, network, known));
  };
  for (const { list } of sources) {
    for (const one of list(ASSOCIATIONS, 'vpc-lattice:ListServiceNetworkVpcAssociations')) {
      if (textOf(one, 'status') === 'CREATE_FAILED') continue;
      const network = textOf(one, 'serviceNetworkArn') || textOf(one, 'serviceNetworkId');
      const vpc = textOf(one, 'vpcId');
      byVpc.set(vpc, (byVpc.get(vpc) ?? new Set()).add(network));
      judge(network);
    }
    for (const one of list('ec2.vpc-endpoints', 'ec2:DescribeVpcEndpoints')) {
      const network = textOf(one, 'ServiceNetworkArn');
      const resource = textOf(one, 'ResourceConfigurationArn');
      if (network !== '') judge(network);
      if (resource !== '') resources.set(resource, resourceProblem(sources, resource, known));
    }
  }
  return { byVpc, problems, resources };
}

function networkProblem(sources: readonly NetworkSource[], network: string, known: Known): Problem | null {
  const listed = (call: string): readonly JsonObject[] | undefined =>
    sources
      .map((source) => wholeListing(source, ASSOCIATIONS, call, { 'service-network-identifier': network }))
      .find((entries) => entries !== undefined);
  const services = listed('vpc-lattice:ListServiceNetworkServiceAssociations');
  const resources = listed('vpc-lattice:ListServiceNetworkResourceAssociations');
  if (services === undefined || resources === undefined)
    return problem('NOT_COLLECTED', network, 'what is associated with the service network was not read');
  const found = [
    ...services.map((one) => serviceProblem(sources, textOf(one, 'serviceArn'), known)),
    ...resources.map((one) => resourceProblem(sources, textOf(one, 'resourceConfigurationArn'), known)),
  ].find((one) => one !== null);
  return found === undefined ? null : { ...found, object: network, detail: `it leads to ${found.detail}` };
}

/** What is behind a service: its target groups, of which every target must be in a VPC, or a function, that is known. */
function serviceProblem(sources: readonly NetworkSource[], arn: string, known: Known): Problem | null {
  const owner = ownerOf(sources, arn);
  if (owner === undefined)
    return problem('OUT_OF_SCOPE_ACCOUNT', arn, `${arn}, whose owner is not in the evidence`);
  const groups = wholeListing(owner, TARGETS, 'vpc-lattice:ListTargetGroups');
  if (groups === undefined) return problem('NOT_COLLECTED', arn, `${arn}, whose target groups were not read`);
  const own = groups.filter((group) => textsOf(group, 'serviceArns').includes(arn));
  const group = own.find((one) => !isKnownGroup(owner, one, known));
  return group === undefined
    ? null
    : problem(
        'UNSUPPORTED_CONSTRUCT',
        arn,
        `targets of ${textOf(group, 'arn')} that are not in the evidence`,
      );
}

function isKnownGroup(owner: NetworkSource, group: JsonObject, { vpcCidrs, functions }: Known): boolean {
  const cidrs = vpcCidrs(textOf(group, 'vpcIdentifier').replace(/^.*\//, ''));
  const type = textOf(group, 'type');
  // An instance and a load balancer are in the VPC of their group.
  if (type === 'INSTANCE' || type === 'ALB') return cidrs !== undefined;
  const targets = wholeListing(owner, TARGETS, 'vpc-lattice:ListTargets', {
    'target-group-identifier': textOf(group, 'arn'),
  })?.map((target) => textOf(target, 'id'));
  if (targets === undefined) return false;
  if (type === 'IP') {
    return targets.every((id) => {
      const address = parseAddress(id);
      return address !== null && cidrs !== undefined && containsAddress(cidrs, address);
    });
  }
  // A function without a VPC is an exit of its own; one in a VPC is an interface there.
  const listed = wholeListing(owner, 'lambda.functions', 'lambda:ListFunctions')?.map((one) =>
    textOf(one, 'FunctionArn'),
  );
  return (
    type === 'LAMBDA' &&
    targets.every((id) =>
      [...(listed ?? []), ...functions.keys()].some((arn) => id === arn || id.startsWith(`${arn}:`)),
    )
  );
}

/** A resource is reached by the interfaces of its gateway, which are asked about like any others of their VPC. */
function resourceProblem(sources: readonly NetworkSource[], arn: string, known: Known): Problem | null {
  const owner = ownerOf(sources, arn);
  if (owner === undefined)
    return problem('OUT_OF_SCOPE_ACCOUNT', arn, `${arn}, whose owner is not in the evidence`);
  const configurations = wholeListing(owner, TARGETS, 'vpc-lattice:ListResourceConfigurations');
  const gateways = wholeListing(owner, TARGETS, 'vpc-lattice:ListResourceGateways');
  const configuration = configurations?.find((one) => textOf(one, 'arn') === arn);
  if (configuration === undefined || gateways === undefined)
    return problem('NOT_COLLECTED', arn, `${arn}, which is not described`);
  if (!['SINGLE', 'ARN'].includes(textOf(configuration, 'type')))
    return problem('UNSUPPORTED_CONSTRUCT', arn, `${arn}, which stands for other resources`);
  const gateway = gateways.find((one) => textOf(one, 'id') === textOf(configuration, 'resourceGatewayId'));
  const vpc = gateway === undefined ? '' : textOf(gateway, 'vpcIdentifier');
  return known.vpcCidrs(vpc) === undefined
    ? problem('UNSUPPORTED_CONSTRUCT', arn, `${arn}, whose gateway is in no VPC of the evidence`)
    : null;
}

/** The account and region of an ARN, where they are in the evidence. */
function ownerOf(sources: readonly NetworkSource[], arn: string): NetworkSource | undefined {
  const [, , , region, account] = arn.split(':');
  return sources.find((source) => source.account === account && source.region === region);
}

function problem(code: Problem['code'], object: string, detail: string): Problem {
  return { code, object, detail };
}
