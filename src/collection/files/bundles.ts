import type { Json, JsonObject } from '../../core/index.ts';
import { isJsonArray, isJsonObject } from '../../core/index.ts';

/** One answer of a repeated call, taken out of a bundle. */
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
    { readonly id: string; readonly parameter: string; readonly member: string; readonly cli: string }
  >
> = {
  TransitGatewayStaticRoutes: {
    id: 'TransitGatewayRouteTableId',
    parameter: 'transit-gateway-route-table-id',
    member: 'Routes',
    cli: 'ec2 search-transit-gateway-routes',
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

/** The answers in a bundle; none of a file that is no bundle. */
export function unbundled(body: JsonObject): readonly BundledAnswer[] {
  return Object.entries(BUNDLES).flatMap(([name, { id, parameter, member, cli }]) => {
    const entries: Json | undefined = body[name];
    if (!isJsonArray(entries)) return [];
    return entries.filter(isJsonObject).flatMap((entry): readonly BundledAnswer[] => {
      const own = entry[id];
      return typeof own === 'string'
        ? [{ cli, parameters: { [parameter]: own }, answer: { [member]: entry[member] ?? [] } }]
        : [];
    });
  });
}
