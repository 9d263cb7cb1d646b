/** Where the addresses of a sample stack lie, and which of its peers are inside or outside. */
export interface AddressPlan {
  readonly vpcCidr: string;
  readonly publicCidrs: readonly [string, string];
  readonly privateCidrs: readonly [string, string];
  /** Public addresses of the NAT gateway and the two load balancer interfaces, in the region's own AWS ranges. */
  readonly natPublic: string;
  readonly balancerPublic: readonly [string, string];
  /** Model providers that the policy's countries allow, as security group prefixes. */
  readonly providerCidrs: readonly string[];
  readonly providerAddresses: readonly string[];
  /** Callers of the load balancer, some of them scanners from anywhere. */
  readonly callers: readonly string[];
  /** An address outside every allowed country, for plants. */
  readonly foreign: string;
}

const PRIVATE = {
  vpcCidr: '10.40.0.0/16',
  publicCidrs: ['10.40.0.0/24', '10.40.1.0/24'],
  privateCidrs: ['10.40.16.0/20', '10.40.32.0/20'],
} as const;

/** The plans of the regions that the samples use. Public addresses are facts of address data, not anybody's hosts. */
export const ADDRESS_PLANS: Readonly<Record<string, AddressPlan>> = {
  'cn-north-1': {
    ...PRIVATE,
    natPublic: '52.80.14.21',
    balancerPublic: ['52.80.77.130', '54.222.131.9'],
    providerCidrs: ['47.92.0.0/20', '39.96.0.0/20'],
    providerAddresses: ['47.92.1.18', '39.96.3.201'],
    callers: ['223.5.5.5', '101.6.6.6', '180.76.76.76', '140.82.112.3', '168.95.1.1'],
    foreign: '160.79.104.10',
  },
  'ap-southeast-1': {
    ...PRIVATE,
    natPublic: '18.136.12.40',
    balancerPublic: ['18.136.60.7', '13.228.11.90'],
    providerCidrs: ['160.79.104.0/23', '47.92.0.0/20'],
    providerAddresses: ['160.79.104.10', '160.79.104.77'],
    callers: ['47.74.128.1', '140.82.112.3', '203.80.96.10', '168.95.1.1', '101.6.6.6'],
    foreign: '160.79.104.10',
  },
  'eu-central-1': {
    ...PRIVATE,
    natPublic: '3.120.10.31',
    balancerPublic: ['3.120.44.8', '18.184.12.77'],
    providerCidrs: ['18.184.0.0/15'],
    providerAddresses: ['18.184.100.10', '18.185.20.30'],
    callers: ['18.184.9.9', '3.121.4.4', '140.82.112.3', '168.95.1.1', '101.6.6.6'],
    foreign: '160.79.104.10',
  },
};
