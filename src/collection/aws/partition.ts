/** The AWS partitions that are audited. They share nothing: neither accounts, nor names, nor signing. */
export type AwsPartition = 'aws' | 'aws-cn';

/** All regions of AWS China (operated by Sinnet and NWCD). A third one would be news, and needs a look first. */
const CHINA_REGIONS: readonly string[] = ['cn-north-1', 'cn-northwest-1'];
const REGION =
  /^(?:af|ap|ca|eu|il|me|mx|sa|us)-(?:central|east|north|northeast|northwest|south|southeast|southwest|west)-\d$/;

/** Whether a region belongs to a partition. GovCloud and the isolated partitions are none of ours. */
export function isRegionOf(partition: AwsPartition, region: string): boolean {
  return partition === 'aws-cn' ? CHINA_REGIONS.includes(region) : REGION.test(region);
}

/** The domain of a partition's endpoints. */
export function domainOf(partition: AwsPartition): string {
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
