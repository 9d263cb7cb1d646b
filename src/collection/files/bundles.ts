import type { Json, JsonObject } from '../../core/index.ts';
import { isJsonArray, isJsonObject } from '../../core/index.ts';
import { textsAt } from '../../evidence/index.ts';

/** One answer of a call, taken out of a bundle. */
export interface BundledAnswer {
  readonly cli: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly answer: JsonObject;
}

/**
 * Files into which collectors put the answers of a repeated call together, each beside the id that it was asked
 * for: the form of Batfish's AWS snapshots, in which public networks are described.
 */
const BUNDLES: Readonly<
  Record<
    string,
    {
      readonly id: string;
      readonly parameter: string;
      readonly member: string;
      readonly cli: string;
      /** What the question was narrowed by. */
      readonly only?: Readonly<Record<string, string>>;
    }
  >
> = {
  TransitGatewayStaticRoutes: {
    id: 'TransitGatewayRouteTableId',
    parameter: 'transit-gateway-route-table-id',
    member: 'Routes',
    cli: 'ec2 search-transit-gateway-routes',
    only: { type: 'static' },
  },
  TransitGatewayPropagations: {
    id: 'TransitGatewayRouteTableId',
    parameter: 'transit-gateway-route-table-id',
    member: 'TransitGatewayRouteTablePropagations',
    cli: 'ec2 get-transit-gateway-route-table-propagations',
  },
  LoadBalancerListeners: {
    id: 'LoadBalancerArn',
    parameter: 'load-balancer-arn',
    member: 'Listeners',
    cli: 'elbv2 describe-listeners',
  },
  LoadBalancerTargetHealth: {
    id: 'TargetGroupArn',
    parameter: 'target-group-arn',
    member: 'TargetHealthDescriptions',
    cli: 'elbv2 describe-target-health',
  },
};

/**
 * Direct Connect's answers, whose members AWS writes with a small first letter and those collectors with a capital
 * one, as every other service does.
 */
const CAPITALISED: Readonly<Record<string, { readonly cli: string; readonly parameter?: string }>> = {
  DirectConnectGateways: { cli: 'directconnect describe-direct-connect-gateways' },
  VirtualInterfaces: { cli: 'directconnect describe-virtual-interfaces' },
  DirectConnectGatewayAssociations: {
    cli: 'directconnect describe-direct-connect-gateway-associations',
    parameter: 'direct-connect-gateway-id',
  },
};

/** The answers in a bundle; none of a file that is no bundle. */
export function unbundled(body: JsonObject): readonly BundledAnswer[] {
  return [...repeatedAnswers(body), ...capitalisedAnswers(body)];
}

function repeatedAnswers(body: JsonObject): readonly BundledAnswer[] {
  return Object.entries(BUNDLES).flatMap(([name, { id, parameter, member, cli, only }]) => {
    const entries: Json | undefined = body[name];
    if (!isJsonArray(entries)) return [];
    return entries.filter(isJsonObject).flatMap((entry): readonly BundledAnswer[] => {
      const own = entry[id];
      if (typeof own !== 'string') return [];
      const more = entry['AdditionalRoutesAvailable'] === true ? { AdditionalRoutesAvailable: true } : {};
      const answer = { [member]: entry[member] ?? [], ...more };
      return [{ cli, parameters: { [parameter]: own, ...only }, answer }];
    });
  });
}

function capitalisedAnswers(body: JsonObject): readonly BundledAnswer[] {
  return Object.entries(CAPITALISED).flatMap(([name, { cli, parameter }]): readonly BundledAnswer[] => {
    const entries: Json | undefined = body[name];
    if (!isJsonArray(entries)) return [];
    const member = smallFirst(name);
    const renamed = entries.map(withSmallFirst);
    if (parameter === undefined) return [{ cli, parameters: {}, answer: { [member]: renamed } }];
    const byGateway = Map.groupBy(
      renamed,
      (entry) => textsAt(isJsonObject(entry) ? entry : {}, 'directConnectGatewayId')[0] ?? '',
    );
    return [...byGateway].map(([id, own]) => ({
      cli,
      parameters: { [parameter]: id },
      answer: { [member]: own },
    }));
  });
}

function withSmallFirst(value: Json): Json {
  if (isJsonArray(value)) return value.map(withSmallFirst);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [smallFirst(name), withSmallFirst(inner)]),
  );
}

function smallFirst(name: string): string {
  return `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
}
