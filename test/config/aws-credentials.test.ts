import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsIdentity } from '../../src/config/aws-credentials.ts';
import { awsIdentity } from '../../src/config/aws-credentials.ts';

const CONFIG = `
[default]
region = eu-central-1
[profile audit]
role_arn = arn:aws:iam::111122223333:role/Audit
source_profile = vendor
external_id = northwind
[profile circle]
role_arn = arn:aws:iam::111122223333:role/Audit
source_profile = circle2
[profile circle2]
role_arn = arn:aws:iam::111122223333:role/Audit
source_profile = circle
[profile laptop]
sso_session = company
`;
const CREDENTIALS = `
[vendor]
aws_access_key_id = AKIAVENDOR
aws_secret_access_key = vendor-secret
[temporary]
aws_access_key_id=ASIATEMP
aws_secret_access_key=temporary-secret
aws_session_token=temporary-token
`;

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'domicile-home-'));
  mkdirSync(join(home, '.aws'));
  writeFileSync(join(home, '.aws', 'config'), CONFIG);
  writeFileSync(join(home, '.aws', 'credentials'), CREDENTIALS);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'environment-secret' };
const CONTAINER = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/x' };

function keyOf(identity: AwsIdentity | undefined): string | undefined {
  return identity?.kind === 'keys' ? identity.read().accessKeyId : identity?.kind;
}

describe("the auditor's own identity", () => {
  it('is the named profile, else the keys of the environment, else the role of the container', () => {
    const variables = { HOME: home, ...KEYS, ...CONTAINER };
    expect(keyOf(awsIdentity(variables, 'vendor'))).toBe('AKIAVENDOR');
    expect(keyOf(awsIdentity({ ...variables, AWS_PROFILE: 'temporary' }))).toBe('ASIATEMP');
    expect(keyOf(awsIdentity(variables))).toBe('AKIAENV');
    expect(awsIdentity({ HOME: home, ...CONTAINER })).toMatchObject({
      kind: 'container',
      url: 'http://169.254.170.2/v2/credentials/x',
    });
    expect(awsIdentity({ HOME: join(home, 'nobody') })).toBeUndefined();
  });

  it('may be a role that a profile takes on with the keys of another', () => {
    const identity = awsIdentity({ HOME: home }, 'audit');
    expect(identity).toMatchObject({
      kind: 'role',
      role: { arn: 'arn:aws:iam::111122223333:role/Audit', externalId: 'northwind' },
    });
    expect(identity?.kind === 'role' ? keyOf(identity.base) : '').toBe('AKIAVENDOR');
  });

  it.each(['circle', 'nobody'])('ends with an error for the profile %s, which names no secret', (profile) => {
    expect(() => awsIdentity({ HOME: home }, profile)).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
  });

  it('has no keys in a profile of single sign-on, and says so when they are needed', () => {
    const identity = awsIdentity({ HOME: home }, 'laptop');
    expect(() => keyOf(identity)).toThrow(/expected AWS keys of profile laptop/);
  });
});
