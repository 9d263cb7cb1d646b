import { DomicileError } from '../../core/index.ts';
import type { AwsClient, AwsModule } from './sdk-client.ts';

/**
 * The services that are asked, by the prefix of their calls, all that the table of kinds names among them; each SDK
 * client is loaded when it is first needed.
 */
const CLIENTS: Readonly<
  Record<string, { readonly client: string; readonly load: () => Promise<AwsModule> }>
> = {
  cloudtrail: { client: 'CloudTrailClient', load: async () => import('@aws-sdk/client-cloudtrail') },
  directconnect: {
    client: 'DirectConnectClient',
    load: async () => import('@aws-sdk/client-direct-connect'),
  },
  ec2: { client: 'EC2Client', load: async () => import('@aws-sdk/client-ec2') },
  ecr: { client: 'ECRClient', load: async () => import('@aws-sdk/client-ecr') },
  ecs: { client: 'ECSClient', load: async () => import('@aws-sdk/client-ecs') },
  elasticloadbalancing: {
    client: 'ElasticLoadBalancingV2Client',
    load: async () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  },
  kms: { client: 'KMSClient', load: async () => import('@aws-sdk/client-kms') },
  lambda: { client: 'LambdaClient', load: async () => import('@aws-sdk/client-lambda') },
  'network-firewall': {
    client: 'NetworkFirewallClient',
    load: async () => import('@aws-sdk/client-network-firewall'),
  },
  rds: { client: 'RDSClient', load: async () => import('@aws-sdk/client-rds') },
  route53profiles: {
    client: 'Client',
    load: async () => (await import('./described-services.ts')).loadProfiles(),
  },
  route53resolver: {
    client: 'Client',
    load: async () => (await import('./described-services.ts')).loadResolver(),
  },
  s3: { client: 'S3Client', load: async () => import('@aws-sdk/client-s3') },
  sts: { client: 'STSClient', load: async () => import('@aws-sdk/client-sts') },
  'vpc-lattice': { client: 'VPCLatticeClient', load: async () => import('@aws-sdk/client-vpc-lattice') },
};

/** The prefix of a call: `ec2` of `ec2:DescribeVpcs`. */
export function serviceOf(call: string): string {
  return call.slice(0, call.indexOf(':'));
}

/** A service's module and its client class. */
export interface LoadedService {
  readonly module: AwsModule;
  readonly create: (settings: object) => AwsClient;
}

/**
 * @throws DomicileError `INTERNAL` for a service without a client, or a client package of another shape.
 */
export async function loadService(service: string): Promise<LoadedService> {
  const known = Object.hasOwn(CLIENTS, service) ? CLIENTS[service] : undefined;
  if (known === undefined)
    throw new DomicileError('INTERNAL', `expected a client for ${service}, found none`);
  const module = await known.load();
  const Client = classOf(module, known.client);
  return { module, create: (settings) => new Client(settings) as AwsClient };
}

/** A class of an SDK module by its name. */
function classOf(module: AwsModule, name: string): new (argument: object) => object {
  const found = module[name];
  if (typeof found !== 'function') throw new DomicileError('INTERNAL', `expected ${name} in the AWS SDK`);
  return found as new (
    argument: object,
  ) => object;
}

/** A command with its input; parameters are named as on the command line, such as `key-id`. */
export function commandOf(
  module: AwsModule,
  call: string,
  parameters: Readonly<Record<string, string | number | readonly (string | object)[]>>,
): object {
  const operation = call.slice(call.indexOf(':') + 1);
  const Command = classOf(module, `${operation}Command`);
  const members = inputMembers(module, operation);
  const input = Object.entries(parameters).map(([name, value]) => {
    const member = members.find((one) => one.toLowerCase() === name.replaceAll('-', '').toLowerCase());
    if (member === undefined)
      throw new DomicileError('INTERNAL', `expected ${call} to take ${name}, found no such parameter`);
    return [member, value];
  });
  return new Command(Object.fromEntries(input) as object);
}

/** Whether an operation takes a parameter, by the SDK's own schema. */
export function takesParameter(module: AwsModule, call: string, name: string): boolean {
  return inputMembers(module, call.slice(call.indexOf(':') + 1)).includes(name);
}

/**
 * The input members of an operation. The SDK exports its schemas as tuples: an operation is
 * `[9, namespace, name, traits, input, output]`, a structure `[3, namespace, name, traits, members, …]`.
 */
function inputMembers(module: AwsModule, operation: string): readonly string[] {
  const schema = module[`${operation}$`];
  const input: unknown = Array.isArray(schema) ? resolved(schema[4]) : undefined;
  const members: unknown = Array.isArray(input) ? input[4] : [];
  return Array.isArray(members) ? members.filter((member) => typeof member === 'string') : [];
}

function resolved(schema: unknown): unknown {
  return typeof schema === 'function' ? (schema as () => unknown)() : schema;
}
