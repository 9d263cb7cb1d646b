import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomicileError } from '../core/index.ts';
import type { Variables } from './variables.ts';

/** Keys of one AWS identity. Secret. */
export interface AwsKeyText {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where the auditor's own AWS keys come from, as the environment says it. */
export type AwsCredentialSource =
  | { readonly kind: 'keys'; readonly read: () => AwsKeyText }
  | { readonly kind: 'container'; readonly url: string; readonly token?: string }
  | {
      readonly kind: 'role';
      readonly role: { readonly arn: string; readonly externalId?: string };
      readonly base: AwsCredentialSource;
    }
  | { readonly kind: 'none' };

/** Reads a file, or gives `undefined` where there is none. */
export type ReadText = (path: string) => string | undefined;

const CONTAINER_HOST = 'http://169.254.170.2';
/** The agents of ECS and EKS, and this machine (AWS SDKs reference guide, container credential provider). */
const CONTAINER_URL =
  /^http:\/\/(?:169\.254\.170\.(?:2|23)|127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?\/[\x21-\x7e]*$/;
const PROFILES_DEEP = 5;

/**
 * The order is that of the AWS SDKs, as far as it goes: keys of the environment, the profile that is named, the
 * role of the container, the default profile. Instance metadata and single sign-on are left out: both dial on
 * their own, and a worker that runs by schedule has neither.
 *
 * @throws DomicileError `BAD_INPUT` for a profile that is not there or needs what is left out.
 */
export function awsCredentials(variables: Variables, readText: ReadText = readFileText): AwsCredentialSource {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = variables;
  if (isSet(id) && isSet(secret)) {
    const keys = {
      accessKeyId: id,
      secretAccessKey: secret,
      ...(isSet(token) ? { sessionToken: token } : {}),
    };
    return { kind: 'keys', read: () => keys };
  }
  const profile = variables['AWS_PROFILE'];
  const files = profileFiles(variables);
  if (isSet(profile)) return profileCredentials(profile, files, readText, PROFILES_DEEP);
  const container = containerCredentials(variables, readText);
  if (container !== undefined) return container;
  return readProfile('default', files, readText) === undefined
    ? { kind: 'none' }
    : profileCredentials('default', files, readText, PROFILES_DEEP);
}

function containerCredentials(variables: Variables, readText: ReadText): AwsCredentialSource | undefined {
  const relative = variables['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  const url = isSet(relative)
    ? `${CONTAINER_HOST}${relative}`
    : variables['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  if (!isSet(url)) return undefined;
  if (!CONTAINER_URL.test(url)) {
    throw new DomicileError('BAD_INPUT', {
      message: 'expected AWS_CONTAINER_CREDENTIALS_FULL_URI to name a container agent, found another host',
      hint: 'use the address that ECS or EKS sets',
    });
  }
  const file = variables['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
  const token = isSet(file) ? readText(file)?.trim() : variables['AWS_CONTAINER_AUTHORIZATION_TOKEN'];
  return { kind: 'container', url, ...(isSet(token) ? { token } : {}) };
}

function profileCredentials(
  name: string,
  files: readonly string[],
  readText: ReadText,
  depth: number,
): AwsCredentialSource {
  const profile = readProfile(name, files, readText);
  if (profile === undefined || depth === 0) {
    throw new DomicileError('BAD_INPUT', {
      message: `expected the AWS profile ${nameText(name)}, found none`,
      hint: 'set AWS_PROFILE to a profile of ~/.aws/credentials or ~/.aws/config',
    });
  }
  const { role_arn: arn, source_profile: source, external_id: externalId } = profile;
  if (isSet(arn) && isSet(source)) {
    return {
      kind: 'role',
      role: { arn, ...(isSet(externalId) ? { externalId } : {}) },
      base:
        source === name
          ? ownKeys(name, files, readText)
          : profileCredentials(source, files, readText, depth - 1),
    };
  }
  return ownKeys(name, files, readText);
}

/** The keys that stand in a profile, read again whenever they are needed: tools renew them in place. */
function ownKeys(name: string, files: readonly string[], readText: ReadText): AwsCredentialSource {
  const read = (): AwsKeyText => {
    const profile = readProfile(name, files, readText) ?? {};
    const { aws_access_key_id: id, aws_secret_access_key: secret, aws_session_token: token } = profile;
    if (isSet(id) && isSet(secret))
      return { accessKeyId: id, secretAccessKey: secret, ...(isSet(token) ? { sessionToken: token } : {}) };
    throw new DomicileError('BAD_INPUT', {
      message: `expected keys or a role with source_profile in the AWS profile ${nameText(name)}, found neither`,
      hint: 'single sign-on, processes and instance roles are not supported: export keys, or use a container role',
    });
  };
  read();
  return { kind: 'keys', read };
}

type Profile = Readonly<Record<string, string | undefined>>;

function profileFiles(variables: Variables): readonly string[] {
  const home = variables['HOME'] ?? variables['USERPROFILE'] ?? '';
  return [
    variables['AWS_CONFIG_FILE'] ?? join(home, '.aws', 'config'),
    variables['AWS_SHARED_CREDENTIALS_FILE'] ?? join(home, '.aws', 'credentials'),
  ];
}

/** A profile with what both files say of it; the credentials file has the last word, as in the SDKs. */
function readProfile(name: string, files: readonly string[], readText: ReadText): Profile | undefined {
  const found = files.flatMap((file) => {
    const sections = iniSections(readText(file) ?? '');
    return [sections.get(`profile ${name}`), sections.get(name)].filter((section) => section !== undefined);
  });
  return found.length === 0 ? undefined : found.reduce((known, more) => ({ ...known, ...more }), {});
}

function iniSections(text: string): ReadonlyMap<string, Profile> {
  const sections = new Map<string, Record<string, string>>();
  let section: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const name = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    const [, key, value] = /^([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) sections.set(name.replace(/\s+/g, ' '), (section = {}));
    else if (key !== undefined && value !== undefined) section[key] = value;
  }
  return sections;
}

function readFileText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** A profile's name as it may stand in a message. */
function nameText(name: string): string {
  return /^[A-Za-z0-9._@-]{1,64}$/.test(name) ? name : 'that is named';
}
