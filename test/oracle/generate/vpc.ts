import type * as Aws from '../documents.ts';
import type { Draw, Place, RouteTableDraft, VpcDraft } from './draft.ts';
import { networkAcl, openAcl } from './filters.ts';

const ZONES = ['a', 'b'] as const;

/** A VPC with its subnets, tables and network ACLs; nothing is routed or sent yet. */
export function vpcDraft(draw: Draw, index: number, place: Place): VpcDraft {
  const { random, id } = draw;
  const VpcId = id('vpc');
  const first = `10.${index}.0.0/16`;
  const second = random.chance(0.25) ? [`10.${100 + index}.0.0/16`] : [];
  const v6 = random.chance(0.65) ? [`2600:1f16:${(index + 1).toString(16)}00::/56`] : [];
  const mode = random.chance(0.12) ? random.pick(['block-bidirectional', 'block-ingress']) : 'off';
  const draft: VpcDraft = {
    place,
    index,
    vpc: {
      VpcId,
      OwnerId: place.account,
      CidrBlock: first,
      CidrBlockAssociationSet: [first, ...second].map((CidrBlock) => ({
        CidrBlock,
        CidrBlockState: { State: 'associated' },
      })),
      Ipv6CidrBlockAssociationSet: v6.map((Ipv6CidrBlock) => ({
        Ipv6CidrBlock,
        Ipv6CidrBlockState: { State: 'associated' },
      })),
      BlockPublicAccessStates: { InternetGatewayBlockMode: mode },
    },
    blocks: [first, ...second, ...v6],
    subnets: [],
    tables: [],
    acls: [],
    groups: [],
    interfaces: [],
    internetGateways: [],
    egressOnlyGateways: [],
    natGateways: [],
    endpoints: [],
    vpnGateways: [],
  };
  const count = 2 + random.below(3);
  for (let number = 0; number < count; number += 1) {
    draft.subnets.push(subnetOf(draw, draft, number, mode));
  }
  draft.tables.push(...tablesOf(draw, draft));
  draft.acls.push(...aclsOf(draw, draft));
  return draft;
}

function subnetOf({ random, id }: Draw, draft: VpcDraft, number: number, mode: string): Aws.Subnet {
  const { vpc, index, blocks, place } = draft;
  const second = blocks.includes(`10.${100 + index}.0.0/16`) && random.chance(0.4);
  const v6 = (vpc.Ipv6CidrBlockAssociationSet ?? []).length > 0 && random.chance(0.8);
  const zone = number === 0 ? 'a' : random.pick(ZONES);
  // An exclusion of the subnet shows as its own state.
  const own = mode !== 'off' && random.chance(0.4) ? 'off' : mode;
  return {
    SubnetId: id('subnet'),
    VpcId: vpc.VpcId,
    // The first subnets stay dual: what needs IPv4, such as a NAT gateway, finds a place.
    ...(v6 && number > 1 && random.chance(0.15)
      ? {}
      : { CidrBlock: `10.${second ? 100 + index : index}.${number + 1}.0/24` }),
    Ipv6CidrBlockAssociationSet: v6
      ? [
          {
            Ipv6CidrBlock: `2600:1f16:${(index + 1).toString(16)}00:${(number + 1).toString(16)}::/64`,
            Ipv6CidrBlockState: { State: 'associated' },
          },
        ]
      : [],
    AvailabilityZone: `${place.region}${zone}`,
    BlockPublicAccessStates: { InternetGatewayBlockMode: own },
  };
}

/** The main table, and one or two that subnets are associated with. */
function tablesOf(
  { random, id }: Draw,
  { vpc, subnets, blocks, place }: VpcDraft,
): readonly RouteTableDraft[] {
  const count = 2 + random.below(2);
  const owners = subnets.map(({ SubnetId }) => ({ SubnetId, table: random.below(count) }));
  return Array.from({ length: count }, (_, number) => {
    const RouteTableId = id('rtb');
    const association = (rest: object): object => ({
      RouteTableAssociationId: id('rtbassoc'),
      RouteTableId,
      AssociationState: { State: 'associated' },
      ...rest,
    });
    return {
      RouteTableId,
      VpcId: vpc.VpcId,
      OwnerId: place.account,
      Associations: [
        ...(number === 0 ? [association({ Main: true })] : []),
        ...owners
          // A subnet that draws the main table is associated with it implicitly, or explicitly as well.
          .filter(({ table }) => table === number && (number > 0 || random.chance(0.3)))
          .map(({ SubnetId }) => association({ Main: false, SubnetId })),
      ],
      PropagatingVgws: [],
      Routes: blocks.map((block) => ({
        ...(block.includes(':') ? { DestinationIpv6CidrBlock: block } : { DestinationCidrBlock: block }),
        GatewayId: 'local',
        Origin: 'CreateRouteTable',
        State: 'active',
      })),
    };
  });
}

function aclsOf(draw: Draw, draft: VpcDraft): readonly Aws.NetworkAcl[] {
  const { random, open: lax } = draw;
  const guarded = draft.subnets.filter(() => random.chance(lax ? 0.1 : 0.4)).map(({ SubnetId }) => SubnetId);
  const open = draft.subnets.map(({ SubnetId }) => SubnetId).filter((id) => !guarded.includes(id));
  const drawn = guarded.length === 0 ? [] : [networkAcl(draw, draft, guarded)];
  return [openAcl(draw, draft, open), ...drawn];
}
