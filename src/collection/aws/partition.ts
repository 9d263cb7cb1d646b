/** The AWS partitions that are audited. They share nothing: neither accounts, nor names, nor signing. */
export type AwsPartition = 'aws' | 'aws-cn';

/**
 * All regions, by closed list: one that is not here would be asked nothing, and be told so. The same as
 * data/addresses/aws-regions.json, which says where they are; a test holds the two together.
 */
const REGIONS: Readonly<Record<AwsPartition, readonly string[]>> = {
  // Operated by Sinnet and NWCD.
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  aws: [
    'af-south-1',
    'ap-east-1',
    'ap-east-2',
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
    'ap-south-1',
    'ap-south-2',
    'ap-southeast-1',
    'ap-southeast-2',
    'ap-southeast-3',
    'ap-southeast-4',
    'ap-southeast-5',
    'ap-southeast-6',
    'ap-southeast-7',
    'ca-central-1',
    'ca-west-1',
    'eu-central-1',
    'eu-central-2',
    'eu-north-1',
    'eu-south-1',
    'eu-south-2',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'il-central-1',
    'me-central-1',
    'me-south-1',
    'mx-central-1',
    'sa-east-1',
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
  ],
};

export function regionsOf(partition: AwsPartition): readonly string[] {
  return REGIONS[partition];
}

/** Whether a region belongs to a partition. GovCloud and the isolated partitions are none of ours. */
export function isRegionOf(partition: AwsPartition, region: string): boolean {
  return REGIONS[partition].includes(region);
}

/** The partition of a region that is on the list. */
export function partitionOf(region: string): AwsPartition {
  return isRegionOf('aws-cn', region) ? 'aws-cn' : 'aws';
}

/** The domain of a partition's endpoints. */
function domainOf(partition: AwsPartition): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** Endpoint names that are not the service's prefix (AWS General Reference, service endpoints). */
const HOST_PREFIX: Readonly<Record<string, string>> = { ecr: 'api.ecr' };

/**
 * The one host that a service is asked at in a region. S3 is asked by path and STS by region, so that the list
 * of hosts is closed and known before the first packet.
 */
export function endpointHost(service: string, partition: AwsPartition, region: string): string {
  return `${HOST_PREFIX[service] ?? service}.${region}.${domainOf(partition)}`;
}

/** Where S3 may be asked: it sends a request on to where the bucket lies, within the partition. */
export function bucketHosts(partition: AwsPartition): readonly string[] {
  return regionsOf(partition).map((region) => endpointHost('s3', partition, region));
}
