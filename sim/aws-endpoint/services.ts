import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as directconnect from '@aws-sdk/client-direct-connect';
import * as ec2 from '@aws-sdk/client-ec2';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as kms from '@aws-sdk/client-kms';
import * as lambda from '@aws-sdk/client-lambda';
import * as networkFirewall from '@aws-sdk/client-network-firewall';
import * as rds from '@aws-sdk/client-rds';
import * as s3 from '@aws-sdk/client-s3';
import * as sts from '@aws-sdk/client-sts';
import * as lattice from '@aws-sdk/client-vpc-lattice';
import { NormalizedSchema } from '@smithy/core/schema';
import { loadService } from '../../src/collection/aws/clients.ts';

/** How a service puts its answers on the wire. */
export type Protocol = 'ec2' | 'query' | 'json' | 'json-1.0' | 'rest-json' | 'rest-xml';

/** One operation, from the SDK's own schemas: what the client parses is what the endpoint writes. */
export interface Operation {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** REST only: method, path template and fixed query, and the status of success. */
  readonly http?: {
    readonly method: string;
    readonly path: string;
    readonly query: readonly string[];
    readonly status: number;
  };
}

export interface Service {
  /** As in the credential scope of a signature: `ec2`. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly xmlNamespace: string;
  readonly operations: ReadonlyMap<string, Operation>;
}

const EC2_NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';

export const SERVICES: ReadonlyMap<string, Service> = new Map(
  [
    service('cloudtrail', 'json', cloudtrail),
    service('directconnect', 'json', directconnect),
    service('ec2', 'ec2', ec2, EC2_NAMESPACE),
    service('ecr', 'json', ecr),
    service('ecs', 'json', ecs),
    service(
      'elasticloadbalancing',
      'query',
      elbv2,
      'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    ),
    service('kms', 'json', kms),
    service('lambda', 'rest-json', lambda),
    service('network-firewall', 'json-1.0', networkFirewall),
    service('rds', 'query', rds, 'http://rds.amazonaws.com/doc/2014-10-31/'),
    service('route53profiles', 'rest-json', (await loadService('route53profiles')).module),
    service('route53resolver', 'json', (await loadService('route53resolver')).module),
    service('s3', 'rest-xml', s3, 'http://s3.amazonaws.com/doc/2006-03-01/'),
    service('sts', 'query', sts, 'https://sts.amazonaws.com/doc/2011-06-15/'),
    service('vpc-lattice', 'rest-json', lattice),
  ].map((one) => [one.name, one]),
);

function service(name: string, protocol: Protocol, module: object, xmlNamespace = ''): Service {
  const operations = Object.values(module).flatMap((value: unknown) => {
    const operation = operationOf(value);
    return operation === undefined ? [] : [[operation.name, operation] as const];
  });
  return { name, protocol, xmlNamespace, operations: new Map(operations) };
}

/** Operations are exported as tuples `[9, namespace, name, traits, input, output]`. */
function operationOf(value: unknown): Operation | undefined {
  if (!Array.isArray(value) || value[0] !== 9) return undefined;
  const [, , name, traits, input, output] = value as [9, string, string, unknown, never, never];
  const http = httpOf(traits);
  return {
    name,
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
    ...(http === undefined ? {} : { http }),
  };
}

function httpOf(traits: unknown): Operation['http'] {
  const http: unknown =
    typeof traits === 'object' && traits !== null && 'http' in traits ? traits.http : undefined;
  if (!Array.isArray(http)) return undefined;
  const [method, template, status] = http as [string, string, number];
  const [path = '', query = ''] = template.split('?');
  return { method, path, query: query.split('&').filter((part) => part !== ''), status };
}
