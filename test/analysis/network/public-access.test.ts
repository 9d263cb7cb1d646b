import { describe, expect, it } from 'vitest';
import { asking } from '../../support/ask-network.ts';
import type { Answers } from '../../support/small-network.ts';
import { PLAIN } from '../../support/small-network.ts';

const ask = await asking({ from: 'eni-public' });

describe('VPC Block Public Access', () => {
  const blocked = (mode: string): Answers => ({
    'ec2:DescribeSubnets': (PLAIN['ec2:DescribeSubnets'] ?? []).map((one) => ({
      ...one,
      BlockPublicAccessStates: { InternetGatewayBlockMode: mode },
    })),
  });
  const excluding = (resource: string, mode: string, State: string): Answers => ({
    ...blocked('block-bidirectional'),
    'ec2:DescribeVpcBlockPublicAccessExclusions': [
      {
        ExclusionId: 'vpcbpa-exclude-1',
        ResourceArn: `arn:aws:ec2:eu-central-1:111111111111:${resource}`,
        InternetGatewayExclusionMode: mode,
        State,
      },
    ],
  });

  it.each([
    [
      'both ways',
      'subnet/subnet-public',
      'allow-bidirectional',
      'create-complete',
      'leaves-vpc',
      'delivered',
    ],
    [
      'both ways, by its VPC',
      'vpc/vpc-1',
      'allow-bidirectional',
      'update-complete',
      'leaves-vpc',
      'delivered',
    ],
    ['outwards', 'subnet/subnet-public', 'allow-egress', 'create-complete', 'leaves-vpc', 'denied'],
    [
      'in a mode of tomorrow',
      'subnet/subnet-public',
      'allow-x',
      'create-complete',
      'leaves-vpc',
      'delivered',
    ],
    [
      'until it is deleted',
      'subnet/subnet-public',
      'allow-egress',
      'delete-in-progress',
      'leaves-vpc',
      'denied',
    ],
    ['no longer', 'subnet/subnet-public', 'allow-bidirectional', 'delete-complete', 'denied', 'denied'],
    ['what cannot be read', 'vpc-1', 'allow-bidirectional', 'create-complete', 'leaves-vpc', 'delivered'],
    ['another subnet', 'subnet/subnet-private', 'allow-bidirectional', 'create-complete', 'denied', 'denied'],
  ])('leaves out what is excluded: %s', (_, resource, mode, state, out, into) => {
    const change = excluding(resource, mode, state);
    expect(ask({ from: 'eni-public' }, change).disposition).toBe(out);
    expect(ask({ from: 'internet', to: 'eni-public' }, change).disposition).toBe(into);
  });

  it('stops both directions only where it blocks both', () => {
    expect(ask({ from: 'eni-public' }, blocked('block-bidirectional')).disposition).toBe('denied');
    expect(ask({ from: 'eni-public' }, blocked('block-ingress')).disposition).toBe('leaves-vpc');
    expect(ask({ from: 'internet', to: 'eni-public' }, blocked('block-ingress')).disposition).toBe('denied');
    expect(ask({ from: 'internet', to: 'eni-public' }, {}).disposition).toBe('delivered');
  });
});
