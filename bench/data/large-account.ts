import { gatewayStack } from '../../sim/gateway-stack.ts';
import { createRandom } from '../../sim/random.ts';
import type { AwsObject, Stack } from '../../sim/stack.ts';

/** How much there is in a generated account, besides what every stack has. */
export interface AccountSize {
  readonly keys: number;
  readonly buckets: number;
  readonly services: number;
  readonly tasks: number;
  readonly interfaces: number;
}

/** A clean gateway's account with many more of everything that is read one by one or page by page. */
export function largeAccount(size: AccountSize): Stack {
  const site = { partition: 'aws', account: '640917723308', region: 'ap-southeast-1' } as const;
  const { stack } = gatewayStack(site, createRandom(20_261_124));
  const times = (count: number, list: readonly AwsObject[], id: string): readonly AwsObject[] =>
    Array.from({ length: count }, (_, index) => {
      const object = list[index % list.length] ?? {};
      return {
        ...object,
        [id]: index < list.length ? object[id] : `${String(object[id])}${index}`,
      } as AwsObject;
    });
  const [bucket] = stack.buckets;
  return {
    ...stack,
    keys: times(size.keys, stack.keys, 'KeyId'),
    buckets: Array.from({ length: size.buckets }, (_, index) => ({
      ...(bucket as Stack['buckets'][number]),
      name: `gateway-data-${index}`,
    })),
    services: times(size.services, stack.services, 'serviceArn'),
    tasks: times(size.tasks, stack.tasks, 'taskArn'),
    networkInterfaces: times(size.interfaces, stack.networkInterfaces, 'NetworkInterfaceId'),
  };
}
