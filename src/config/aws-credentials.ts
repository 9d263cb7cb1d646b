import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomicileError } from '../core/index.ts';
import type { Variables } from './variables.ts';

/** Keys of one identity. Secret: never print them. */
export interface AwsEnvironmentKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where the auditor's own AWS keys come from; a deployment's role is taken on with them. */
export type AwsIdentity =
  /** Of the environment or a profile; read again at every use, since another program may renew them. */
  | { readonly kind: 'keys'; readonly from: string; readonly read: () => AwsEnvironmentKeys }
  /** The role of the container that this runs in. */
  | { readonly kind: 'container'; readonly from: string; readonly url: string; readonly token?: string }
  /** A profile that takes on a role with the keys of another one. */
  | {
      readonly kind: 'role';
      readonly from: string;
      readonly role: { readonly arn: string; readonly externalId?: string };
      readonly base: AwsIdentity;
    };

/** The address at which ECS answers `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`. */
const ECS_AGENT = 'http://169.254.170.2';

/**
 * Finds the auditor's identity: the named profile, else keys of the environment, else the container's role, else
 * the default profile. Instance metadata is left out on purpose: whatever runs on the machine could use it.
 * `undefined` where there is none.
 */
export function awsIdentity(variables: Variables, profile?: string): AwsIdentity | undefined {
  const named = profile ?? variables['AWS_PROFILE'];
  if (named !== undefined && named !== '') return profileIdentity(variables, named);
  if ((variables['AWS_ACCESS_KEY_ID'] ?? '') !== '')
    return { kind: 'keys', from: 'the environment', read: () => environmentKeys(variables) };
  return containerIdentity(variables) ?? defaultProfile(variables);
}

function environmentKeys(variables: Variables): AwsEnvironmentKeys {
  return keysOf(
    variables['AWS_ACCESS_KEY_ID'],
    variables['AWS_SECRET_ACCESS_KEY'],
    variables['AWS_SESSION_TOKEN'],
    'the environment',
  );
}

function containerIdentity(variables: Variables): AwsIdentity | undefined {
  const relative = variables['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] ?? '';
  const full = variables['AWS_CONTAINER_CREDENTIALS_FULL_URI'] ?? '';
  const url = relative === '' ? full : `${ECS_AGENT}${relative}`;
  if (url === '' || !URL.canParse(url)) return undefined;
  const tokenFile = variables['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'] ?? '';
  const token = tokenFile === '' ? variables['AWS_CONTAINER_AUTHORIZATION_TOKEN'] : textOf(tokenFile)?.trim();
  return { kind: 'container', from: "the container's role", url, ...(token === undefined ? {} : { token }) };
}

function defaultProfile(variables: Variables): AwsIdentity | undefined {
  try {
    profileKeys(variables, 'default');
  } catch {
    return undefined;
  }
  return profileIdentity(variables, 'default');
}

/** Profiles may take on roles one after the other; more than this is a circle. */
const LONGEST_CHAIN = 5;

function profileIdentity(variables: Variables, profile: string, chain = LONGEST_CHAIN): AwsIdentity {
  const settings = profileSettings(variables, profile);
  const [arn, source] = [settings.get('role_arn'), settings.get('source_profile')];
  const externalId = settings.get('external_id');
  const from = `profile ${profile}`;
  if (arn === undefined) return { kind: 'keys', from, read: () => profileKeys(variables, profile) };
  if (source === undefined || chain === 0)
    throw missing(from, 'it takes on a role without a source_profile that has keys');
  return {
    kind: 'role',
    from,
    role: { arn, ...(externalId === undefined ? {} : { externalId }) },
    base:
      source === profile
        ? { kind: 'keys', from, read: () => profileKeys(variables, profile) }
        : profileIdentity(variables, source, chain - 1),
  };
}

function profileKeys(variables: Variables, profile: string): AwsEnvironmentKeys {
  const settings = profileSettings(variables, profile);
  return keysOf(
    settings.get('aws_access_key_id'),
    settings.get('aws_secret_access_key'),
    settings.get('aws_session_token'),
    `profile ${profile}`,
  );
}

/**
 * What `~/.aws/config` and `~/.aws/credentials` say of a profile, the latter with the last word (AWS CLI user
 * guide, "Configuration and credential file settings").
 */
function profileSettings(variables: Variables, profile: string): ReadonlyMap<string, string> {
  const folder = join(variables['HOME'] ?? '', '.aws');
  const config = textOf(variables['AWS_CONFIG_FILE'] ?? join(folder, 'config'));
  const credentials = textOf(variables['AWS_SHARED_CREDENTIALS_FILE'] ?? join(folder, 'credentials'));
  if (config === undefined && credentials === undefined)
    throw missing(`profile ${profile}`, 'the credentials file is not there');
  const heading = profile === 'default' ? profile : `profile ${profile}`;
  const settings = [sectionOf(config ?? '', heading), sectionOf(credentials ?? '', profile)].filter(
    (section) => section !== undefined,
  );
  if (settings.length === 0) throw missing(`profile ${profile}`, 'the credentials file has no such profile');
  return new Map(settings.flatMap((section) => [...section]));
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function sectionOf(text: string, profile: string): ReadonlyMap<string, string> | undefined {
  let settings: Map<string, string> | undefined;
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\s*\[\s*([^\]]{1,200}?)\s*\]/.exec(line)?.[1];
    if (heading !== undefined) {
      inside = heading === profile;
      if (inside) settings = new Map();
      continue;
    }
    const setting = /^\s*([a-z_]{1,60})\s*=\s*(\S{1,4000})\s*$/.exec(line);
    if (inside && setting !== null) settings?.set(setting[1] ?? '', setting[2] ?? '');
  }
  return settings;
}

function keysOf(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
  from: string,
): AwsEnvironmentKeys {
  if (
    accessKeyId === undefined ||
    accessKeyId === '' ||
    secretAccessKey === undefined ||
    secretAccessKey === ''
  )
    throw missing(from, 'it has no key id or no secret');
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined || sessionToken === '' ? {} : { sessionToken }),
  };
}

function missing(from: string, found: string): DomicileError {
  return new DomicileError('NOT_FOUND', {
    message: `expected AWS keys of ${from}, found none: ${found}`,
    hint: 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or run with a container role',
  });
}
