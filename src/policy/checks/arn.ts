/** An Amazon Resource Name taken apart (`arn:partition:service:region:account:resource`). */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

const ARN = /^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|):(.{1,1000})$/;

/** An ARN's parts, or `undefined` for anything else: a resource whose place cannot be read is not in place. */
export function parseArn(value: unknown): Arn | undefined {
  const parts = typeof value === 'string' ? ARN.exec(value) : null;
  if (parts === null) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource = ''] = parts;
  return { partition, service, region, account, resource };
}
