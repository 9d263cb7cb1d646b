import type { JsonObject } from '../../core/index.ts';
import { textOf } from './json-fields.ts';
import type { Interface, Problem, Vpc } from './model.ts';
import type { NetworkSource } from './network-source.ts';

interface Places {
  readonly interfaces: ReadonlyMap<string, Interface>;
  readonly vpcs: ReadonlyMap<string, Vpc>;
}

/**
 * Traffic mirroring copies packets past groups and ACLs, over the routes of the interface that they are copied from, to
 * a target of the same region (Traffic Mirroring guide, "How it works", "Targets"). A copy to an interface, or to a
 * network load balancer, of the model stays where that can be asked about; any other target is somewhere else.
 */
export function mirroringProblems(sources: readonly NetworkSource[], places: Places): readonly Problem[] {
  const kind = 'ec2.traffic-mirroring';
  const targets = new Map(
    sources
      .flatMap(({ list }) => list(kind, 'ec2:DescribeTrafficMirrorTargets'))
      .map((target) => [textOf(target, 'TrafficMirrorTargetId'), target]),
  );
  const balancers = new Map(
    sources
      .flatMap(({ list }) => list('elbv2.load-balancers', 'elasticloadbalancing:DescribeLoadBalancers'))
      .map((one) => [textOf(one, 'LoadBalancerArn'), textOf(one, 'VpcId')] as const),
  );
  return sources
    .flatMap(({ list }) => list(kind, 'ec2:DescribeTrafficMirrorSessions'))
    .flatMap((session): readonly Problem[] => {
      const object = textOf(session, 'TrafficMirrorSessionId');
      const target = targets.get(textOf(session, 'TrafficMirrorTargetId'));
      const problem =
        target === undefined
          ? { code: 'OUT_OF_SCOPE_ACCOUNT' as const, where: 'a target that is not described' }
          : targetProblem(target, textOf(session, 'NetworkInterfaceId'), places, balancers);
      return problem === null
        ? []
        : [{ code: problem.code, object, detail: `packets are mirrored to ${problem.where}` }];
    });
}

function targetProblem(
  target: JsonObject,
  from: string,
  { interfaces, vpcs }: Places,
  balancers: ReadonlyMap<string, string>,
): { readonly code: Problem['code']; readonly where: string } | null {
  const to = textOf(target, 'NetworkInterfaceId');
  const balancer = textOf(target, 'NetworkLoadBalancerArn');
  const vpc = interfaces.get(to)?.vpc ?? balancers.get(balancer) ?? '';
  const region = vpcs.get(vpc)?.region;
  const fromRegion = vpcs.get(interfaces.get(from)?.vpc ?? '')?.region;
  if (region !== undefined)
    return fromRegion === undefined || fromRegion === region
      ? null
      : { code: 'UNSUPPORTED_CONSTRUCT', where: `${to || balancer} in ${region}` };
  if (to !== '') return { code: 'OUT_OF_SCOPE_ACCOUNT', where: `${to}, which is not described` };
  const other = balancer || textOf(target, 'GatewayLoadBalancerEndpointId');
  return {
    code: 'UNSUPPORTED_CONSTRUCT',
    where: other === '' ? 'a target of an unknown kind' : `${other}, behind which nobody can see`,
  };
}
