import { textOf } from './json-fields.ts';
import type { Interface, Problem } from './model.ts';
import type { NetworkSource } from './network-source.ts';

/**
 * Traffic mirroring copies packets past routes, groups and ACLs (Traffic Mirroring guide, "How it works"). Copies
 * to an interface of the model stay where that interface can be asked about; any other target is somewhere else.
 */
export function mirroringProblems(
  sources: readonly NetworkSource[],
  interfaces: ReadonlyMap<string, Interface>,
): readonly Problem[] {
  const targets = new Map(
    sources
      .flatMap(({ list }) => list('ec2.traffic-mirroring', 'ec2:DescribeTrafficMirrorTargets'))
      .map((target) => [textOf(target, 'TrafficMirrorTargetId'), target]),
  );
  return sources
    .flatMap(({ list }) => list('ec2.traffic-mirroring', 'ec2:DescribeTrafficMirrorSessions'))
    .flatMap((session): readonly Problem[] => {
      const object = textOf(session, 'TrafficMirrorSessionId');
      const target = targets.get(textOf(session, 'TrafficMirrorTargetId'));
      if (target === undefined) {
        return [
          {
            code: 'OUT_OF_SCOPE_ACCOUNT',
            object,
            detail: 'packets are mirrored to a target that is not described',
          },
        ];
      }
      const to = textOf(target, 'NetworkInterfaceId');
      if (interfaces.has(to)) return [];
      return to === ''
        ? [{ code: 'UNSUPPORTED_CONSTRUCT', object, detail: 'packets are mirrored to a load balancer' }]
        : [
            {
              code: 'OUT_OF_SCOPE_ACCOUNT',
              object,
              detail: `packets are mirrored to ${to}, which is not described`,
            },
          ];
    });
}
