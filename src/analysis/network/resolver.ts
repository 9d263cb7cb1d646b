import { isJsonObject } from '../../core/index.ts';
import type { DnsFirewall } from './dns-firewall.ts';
import { dnsFirewallOf } from './dns-firewall.ts';
import { objectsOf, textOf } from './json-fields.ts';
import type { Problem, Resolver, Vpc } from './model.ts';
import type { NetworkSource } from './network-source.ts';
import { forwardingsOf, inboundEndpoint } from './resolver-rules.ts';

/** The resolvers of all VPCs, by VPC. */
export function resolversOf(
  sources: readonly NetworkSource[],
  vpcs: ReadonlyMap<string, Vpc>,
): ReadonlyMap<string, Resolver> {
  const supported = dnsSupport(sources);
  const servers = namedServers(sources);
  return new Map(
    [...vpcs.values()].map((vpc) => {
      const owner = sources.find(({ account, region }) => account === vpc.account && region === vpc.region);
      const resolver = resolverOf(vpc.id, owner, supported.get(vpc.id));
      const others = servers.get(vpc.id);
      return [
        vpc.id,
        resolver.kind === 'open' && others !== undefined
          ? {
              ...resolver,
              why: `${resolver.why}; that DHCP names ${others} keeps nobody from asking 169.254.169.253`,
            }
          : resolver,
      ] as const;
    }),
  );
}

/** Other DNS servers than the VPC's own resolver that DHCP names to what starts in a VPC, by VPC. */
function namedServers(sources: readonly NetworkSource[]): ReadonlyMap<string, string> {
  const options = new Map(
    sources
      .flatMap(({ list }) => list('ec2.dhcp-options', 'ec2:DescribeDhcpOptions'))
      .map((one) => {
        const servers = objectsOf(one, 'DhcpConfigurations')
          .filter((entry) => textOf(entry, 'Key') === 'domain-name-servers')
          .flatMap((entry) => objectsOf(entry, 'Values').map((value) => textOf(value, 'Value')));
        return [textOf(one, 'DhcpOptionsId'), servers.filter((name) => name !== OWN_RESOLVER)] as const;
      }),
  );
  return new Map(
    sources
      .flatMap(({ list }) => list('ec2.vpcs', 'ec2:DescribeVpcs'))
      .flatMap((vpc) => {
        const servers = options.get(textOf(vpc, 'DhcpOptionsId')) ?? [];
        return servers.length === 0 ? [] : [[textOf(vpc, 'VpcId'), servers.join(', ')] as const];
      }),
  );
}

const OWN_RESOLVER = 'AmazonProvidedDNS';

function resolverOf(vpc: string, owner: NetworkSource | undefined, supported: boolean | undefined): Resolver {
  const forwardings = owner === undefined ? [] : forwardingsOf(owner, vpc);
  if (supported === false && owner !== undefined) {
    const inbound = inboundEndpoint(owner, vpc);
    if (inbound === null) return { kind: 'closed', by: 'enableDnsSupport is false', restsOn: 'dns-support' };
    return {
      ...(inbound === undefined
        ? unknown(vpc, 'NOT_COLLECTED', 'whether an endpoint takes questions was not read')
        : unknown(vpc, 'UNSUPPORTED_CONSTRUCT', `endpoint ${inbound} takes questions`)),
      forwardings,
    };
  }
  const firewall: DnsFirewall =
    owner === undefined
      ? unknown(vpc, 'OUT_OF_SCOPE_ACCOUNT', 'its owner is not in the evidence')
      : dnsFirewallOf(owner, vpc);
  switch (firewall.kind) {
    case 'closed':
      return { ...firewall, restsOn: 'dns-firewall' };
    case 'unknown':
      return { ...firewall, forwardings };
    case 'open':
      return supported === undefined
        ? { ...unknown(vpc, 'NOT_COLLECTED', 'nobody says whether DNS support is on'), forwardings }
        : { ...firewall, forwardings };
  }
}

function unknown(
  object: string,
  code: Problem['code'],
  detail: string,
): Extract<DnsFirewall, { readonly kind: 'unknown' }> {
  return { kind: 'unknown', problem: { code, object, detail: `its resolver: ${detail}` } };
}

/** Whether DNS support is on, by VPC (EC2 API, DescribeVpcAttribute). Two answers that disagree are none. */
function dnsSupport(sources: readonly NetworkSource[]): ReadonlyMap<string, boolean> {
  const said = sources
    .flatMap(({ answers }) => answers('ec2.vpc-attributes', 'ec2:DescribeVpcAttribute'))
    .flatMap(({ body, complete }) => {
      const support = body['EnableDnsSupport'];
      const value = isJsonObject(support) ? support['Value'] : undefined;
      return complete && typeof value === 'boolean' ? [[textOf(body, 'VpcId'), value] as const] : [];
    });
  const byVpc = Map.groupBy(said, ([vpc]) => vpc);
  return new Map(
    [...byVpc].flatMap(([vpc, own]) => {
      const [value, ...others] = new Set(own.map(([, one]) => one));
      return value === undefined || others.length > 0 ? [] : [[vpc, value] as const];
    }),
  );
}
