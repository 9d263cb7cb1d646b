/** Bounds of a live collection. Times in milliseconds. */
export interface AwsLimits {
  /** Tries a request gets, the first included; the waits between them adapt to throttling. */
  readonly attempts: number;
  /** One try. */
  readonly attemptTime: number;
  /** One request with its retries; a listing of many pages gets this for each page. */
  readonly callTime: number;
  /** All requests of one source together. */
  readonly runTime: number;
  /** Requests at once, by service; `other` for those that are not named. */
  readonly concurrency: Readonly<Record<string, number>> & { readonly other: number };
  /** Pages of one listing. */
  readonly pages: number;
}

/**
 * Concurrency stays below the services' refill rates (EC2 describe calls: 20 a second where the list is not
 * filtered; KMS and ECR read calls have lower ones, Route 53 Resolver five a second for all of its calls), so that an audit does not throttle the account's owner.
 */
export const AWS_LIMITS: AwsLimits = {
  attempts: 6,
  attemptTime: 20_000,
  callTime: 90_000,
  runTime: 30 * 60_000,
  concurrency: { ec2: 8, s3: 12, ecs: 6, kms: 6, cloudtrail: 1, route53resolver: 1, other: 4 },
  pages: 20_000,
};
