/** An image reference by where its registry is. */
export type ImageOrigin =
  | {
      readonly kind: 'private-ecr';
      readonly account: string;
      readonly region: string;
      readonly partition: 'aws' | 'aws-cn' | 'other';
      readonly repository: string;
    }
  | { readonly kind: 'elsewhere'; readonly host: string }
  | { readonly kind: 'unreadable' };

/**
 * Hosts of private ECR registries: classic, FIPS and dual-stack names of each partition (ECR user guide,
 * "Amazon ECR registries"; AWS's own credential helper accepts the same).
 */
const ECR_HOST =
  /^(\d{12})\.(?:dkr\.ecr(?:-fips)?|dkr-ecr(?:-fips)?)\.([a-z0-9-]{5,30})\.(amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|on\.aws|on\.amazonwebservices\.com\.cn|on\.amazonwebservices\.eu)$/;

const PARTITION: Readonly<Record<string, 'aws' | 'aws-cn' | 'other'>> = {
  'amazonaws.com': 'aws',
  'on.aws': 'aws',
  'amazonaws.com.cn': 'aws-cn',
  'on.amazonwebservices.com.cn': 'aws-cn',
  'amazonaws.eu': 'other',
  'on.amazonwebservices.eu': 'other',
};

const LONGEST = 1000;
/** Printable ASCII without white space: anything else is no image reference. */
const REFERENCE = /^[\x21-\x7e]+$/;

/**
 * Where an image comes from, by its reference (distribution reference grammar): the first path component is
 * a host if it has a dot or a colon or is `localhost`; without one, the image comes from Docker Hub.
 */
export function imageOrigin(reference: unknown): ImageOrigin {
  if (typeof reference !== 'string' || reference.length > LONGEST || !REFERENCE.test(reference))
    return { kind: 'unreadable' };
  const slash = reference.indexOf('/');
  const first = slash < 0 ? '' : reference.slice(0, slash);
  const hasHost = first.includes('.') || first.includes(':') || first === 'localhost';
  if (!hasHost) return { kind: 'elsewhere', host: 'docker.io' };
  const host = first.toLowerCase();
  const parts = ECR_HOST.exec(host);
  if (parts === null) return { kind: 'elsewhere', host };
  const [, account = '', region = '', suffix = ''] = parts;
  const repository = reference
    .slice(slash + 1)
    .replace(/@.*$/, '')
    .replace(/:[^/:]*$/, '');
  return { kind: 'private-ecr', account, region, partition: PARTITION[suffix] ?? 'other', repository };
}
