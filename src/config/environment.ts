import { DomicileError } from '../core/index.ts';
import type { AwsIdentity } from './aws-credentials.ts';
import { awsIdentity } from './aws-credentials.ts';
import type { Variables } from './variables.ts';

/** What the process's environment says, and nothing more of it. Values that are secret are never enumerable. */
export interface Environment {
  /** Whether this runs in continuous integration, where required tools may not be missing. */
  readonly ci: boolean;
  /** Whether output may not be coloured (no-color.org). */
  readonly noColor: boolean;
  /** Whether an internal error shows the places of its stack (DOMICILE_DEBUG). */
  readonly debug: boolean;
  /**
   * The connection string that a variable holds. Never print it.
   *
   * @param variable its name, as an inventory's `urlFrom`
   * @throws DomicileError `BAD_INPUT` where it is not set or no Postgres URL; the message never holds the value.
   */
  readonly connectionString: (variable: string) => string;
  /** The auditor's own AWS identity, by profile where one is named; undefined where there is none. */
  readonly awsIdentity: (profile?: string) => AwsIdentity | undefined;
  /**
   * Where the worker's queue is (QUEUE_URL). Never print it.
   *
   * @throws DomicileError `BAD_INPUT` where it is not set.
   */
  readonly queueUrl: () => string;
  /** Where alerts go (ALERT_WEBHOOK_URL), if anywhere. Never print it: its path may be a secret. */
  readonly alertWebhook: () => string | undefined;
  /** Whether a variable is set, for a plan or a doctor that must not see the value. */
  readonly isSet: (variable: string) => boolean;
}

/** Reads the variables that the project knows. */
export function readEnvironment(variables: Variables): Environment {
  return {
    ci: isTrue(variables['CI']),
    noColor: (variables['NO_COLOR'] ?? '') !== '',
    debug: isTrue(variables['DOMICILE_DEBUG']),
    connectionString: (variable) => connectionString(variables, variable),
    awsIdentity: (profile) => awsIdentity(variables, profile),
    queueUrl: () => queueUrl(variables),
    alertWebhook: () => valueOf(variables, 'ALERT_WEBHOOK_URL') || undefined,
    isSet: (variable) => (valueOf(variables, variable) ?? '') !== '',
  };
}

/** The environment of this process: the one place of the project that reads `process.env`. */
export function processEnvironment(): Environment {
  return readEnvironment(process.env);
}

function connectionString(variables: Variables, variable: string): string {
  const value = valueOf(variables, variable) ?? '';
  if (value === '') {
    throw new DomicileError('BAD_INPUT', {
      message: `expected the environment variable ${variable} with a connection string, found none`,
      hint: `set ${variable} to postgres://USER:PASSWORD@HOST:PORT/DATABASE`,
    });
  }
  if (!isPostgresUrl(value)) {
    throw new DomicileError('BAD_INPUT', {
      message: `expected ${variable} to hold a URL as postgres://USER:PASSWORD@HOST:PORT/DATABASE, found another text`,
      hint: 'special characters in the password must be percent-encoded',
    });
  }
  return value;
}

function queueUrl(variables: Variables): string {
  const value = valueOf(variables, 'QUEUE_URL') ?? '';
  if (value !== '') return value;
  throw new DomicileError('BAD_INPUT', {
    message: 'expected the environment variable QUEUE_URL with the address of the queue, found none',
    hint: 'set it to redis://HOST:6379, or to postgres://USER:PASSWORD@HOST:5432/DATABASE to try things out',
  });
}

function isPostgresUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return (protocol === 'postgres:' || protocol === 'postgresql:') && hostname !== '';
}

/** `constructor` and the like are members of every object, but nobody's variables. */
function valueOf(variables: Variables, variable: string): string | undefined {
  return Object.hasOwn(variables, variable) ? variables[variable] : undefined;
}

function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === '1';
}
