import { makeBuilder } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';
import { DomicileError } from '../../core/index.ts';
import { KINDS } from '../../evidence/index.ts';
import { endpointHost, partitionOf } from './partition.ts';
import type { AwsClient, AwsModule } from './sdk-client.ts';

/**
 * A service for which npm has no client with schemas (of Route 53 Resolver only one of 2024 with 170 packages of
 * that time, of Route 53 Profiles none): asked by another service's client of the same protocol, under its own names.
 */
interface DescribedService {
  /** Prefix of its calls, its endpoints and its signatures. */
  readonly name: string;
  readonly namespace: string;
  /** Of JSON 1.1, where the operation is named in a header after this. */
  readonly target?: string;
  /** Of REST, where an operation is a path; all of them are GET, and take what they take in the query. */
  readonly paths?: Readonly<Record<string, string>>;
}

/** API versions 2018-04-01 and 2018-05-10 (the services' API references; a test holds them against botocore's models). */
export const DESCRIBED = {
  route53resolver: {
    name: 'route53resolver',
    namespace: 'com.amazonaws.route53resolver',
    target: 'Route53Resolver',
  },
  route53profiles: {
    name: 'route53profiles',
    namespace: 'com.amazonaws.route53profiles',
    paths: { ListProfileAssociations: '/profileassociations' },
  },
} as const satisfies Readonly<Record<string, DescribedService>>;

type Client = new (settings: object) => AwsClient;

/**
 * The module that an SDK client of the service would be: `Client`, and of each call in the table of kinds its command
 * and its schema.
 *
 * @param Base the client of a service with the same protocol.
 */
export function describedModule(service: DescribedService, Base: Client): AwsModule {
  const command = makeBuilder({}, service.namespace, service.name, getEndpointPlugin);
  const operations = operationsOf(service);
  return {
    Client: clientOf(service, Base),
    ...Object.fromEntries(operations.map((schema) => [`${schema[2]}$`, schema])),
    ...Object.fromEntries(
      operations.map((schema) => [`${schema[2]}Command`, command({}, () => [], schema[2], schema)]),
    ),
  };
}

function clientOf({ name, namespace, target = '' }: DescribedService, Base: Client): Client {
  return class extends Base {
    constructor(settings: object) {
      const { region, endpoint } = { endpoint: undefined, ...(settings as Place) };
      const url = endpoint ?? `https://${endpointHost(name, partitionOf(region), region)}`;
      super({
        ...settings,
        endpoint: url,
        endpointProvider: () => ({
          url: new URL(url),
          properties: { authSchemes: [{ name: 'sigv4', signingName: name, signingRegion: region }] },
        }),
        serviceId: name,
        protocolSettings: { defaultNamespace: namespace, errorTypeRegistries: [], serviceTarget: target },
      });
    }
  };
}

interface Place {
  readonly region: string;
  readonly endpoint?: string;
}

/** Schemas in the SDK's own tuples, as far as they are needed: `[9, namespace, name, traits, input, output]`. */
type Operation = Parameters<ReturnType<typeof makeBuilder>>[3];
type Schema = Operation[4];
const [STRING, NUMBER, ANY_JSON] = [0, 1, 15] as const;

/**
 * Each call that the table of kinds makes of a service. What it answers is taken as the JSON that it is, since the
 * allow-list of the kind decides what of it is kept.
 */
function operationsOf(service: DescribedService): readonly Operation[] {
  const calls = [...KINDS.values()].flatMap(({ calls }) =>
    calls.filter(({ call }) => call.startsWith(`${service.name}:`)),
  );
  return calls.map(({ call, member, forEach }): Operation => {
    const operation = call.slice(service.name.length + 1);
    const ids = new Set(forEach?.map(({ parameter }) => pascalCase(parameter)));
    const pages = operation.startsWith('List') ? ['MaxResults', 'NextToken'] : [];
    const inputs = [...ids, ...pages];
    const outputs = [member, ...pages.slice(1)];
    return [
      9,
      service.namespace,
      operation,
      traitsOf(service, operation),
      [
        3,
        service.namespace,
        `${operation}Request`,
        0,
        inputs,
        inputs.map((one) => inputSchema(service, one)),
      ],
      [3, service.namespace, `${operation}Response`, 0, outputs, [ANY_JSON, STRING].slice(0, outputs.length)],
    ];
  });
}

function traitsOf({ name, paths }: DescribedService, operation: string): Operation[3] {
  if (paths === undefined) return 0;
  const path = Object.hasOwn(paths, operation) ? paths[operation] : undefined;
  if (path === undefined) throw new DomicileError('INTERNAL', `expected a path for ${name}:${operation}`);
  return { http: ['GET', path, 200] };
}

function inputSchema({ paths }: DescribedService, member: string): Schema {
  const schema = member === 'MaxResults' ? NUMBER : STRING;
  return paths === undefined
    ? schema
    : [schema, { httpQuery: `${member.slice(0, 1).toLowerCase()}${member.slice(1)}` }];
}

/** `firewall-rule-group-id` is FirewallRuleGroupId in the API. */
function pascalCase(parameter: string): string {
  return parameter
    .split('-')
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join('');
}

/** Asked as KMS is, in JSON 1.1. */
export async function loadResolver(): Promise<AwsModule> {
  const { KMSClient } = await import('@aws-sdk/client-kms');
  return describedModule(DESCRIBED.route53resolver, KMSClient as unknown as Client);
}

/** Asked as Lambda is, in REST with JSON. */
export async function loadProfiles(): Promise<AwsModule> {
  const { LambdaClient } = await import('@aws-sdk/client-lambda');
  return describedModule(DESCRIBED.route53profiles, LambdaClient as unknown as Client);
}
