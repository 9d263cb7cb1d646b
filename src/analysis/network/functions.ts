import { objectOf, textOf } from './json-fields.ts';
import type { ServiceFunction } from './model.ts';
import type { NetworkSource } from './network-source.ts';

/**
 * Lambda functions that run outside every VPC of the customer (Lambda guide, "Giving functions access to resources in
 * a VPC"): in a network of the service's own, which leads to the Internet, and in which nothing here has a say.
 */
export function functionsOutside(sources: readonly NetworkSource[]): ReadonlyMap<string, ServiceFunction> {
  return new Map(
    sources.flatMap(({ account, region, list }) =>
      list('lambda.functions', 'lambda:ListFunctions')
        .filter((one) => textOf(objectOf(one, 'VpcConfig'), 'VpcId') === '')
        .map((one) => textOf(one, 'FunctionArn'))
        .filter((arn) => arn !== '')
        .map((arn) => [arn, { arn, account, region }] as const),
    ),
  );
}
