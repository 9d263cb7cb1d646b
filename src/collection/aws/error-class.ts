import { DomicileError, isJsonObject } from '../../core/index.ts';
import type { FailedCall } from './call-fault.ts';
import { CallFault } from './call-fault.ts';

/** A code has a few digits at most, as in EC2ThrottledException: what has more may be a key that a person pasted. */
const CODE_IN_TEXT =
  /An error occurred \(((?=(?:[A-Za-z.]*\d){0,3}[A-Za-z.]*\))[A-Za-z0-9.]{1,80})\) when calling the [A-Za-z0-9]{1,80} operation/;
const SERVICE_CONTROL_POLICY = /with an explicit deny in a (?:service|resource) control policy/i;

/** Codes by what they mean (AWS common errors, and those of the services that are read). */
const STATUS_OF_CODE: Readonly<Record<string, FailedCall['status']>> = {
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  UnauthorizedOperation: 'denied',
  UnauthorizedAccess: 'denied',
  AuthorizationError: 'denied',
  NotAuthorized: 'denied',
  AuthFailure: 'denied',
  UnrecognizedClientException: 'denied',
  InvalidClientTokenId: 'denied',
  ExpiredToken: 'denied',
  ExpiredTokenException: 'denied',
  RequestExpired: 'denied',
  RequestTimeTooSkewed: 'denied',
  RequestInTheFuture: 'denied',
  TokenRefreshRequired: 'denied',
  IncompleteSignature: 'denied',
  SignatureDoesNotMatch: 'denied',
  InvalidSignatureException: 'denied',
  InvalidAccessKeyId: 'denied',
  InvalidToken: 'denied',
  OptInRequired: 'denied',
  KMSAccessDeniedException: 'denied',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  RequestThrottled: 'throttled',
  RequestThrottledException: 'throttled',
  EC2ThrottledException: 'throttled',
  BandwidthLimitExceeded: 'throttled',
  RequestLimitExceeded: 'throttled',
  TooManyRequestsException: 'throttled',
  SlowDown: 'throttled',
  NoEndpoint: 'not-in-partition',
  InvalidAction: 'unsupported',
  UnknownOperationException: 'unsupported',
  UnsupportedOperation: 'unsupported',
  UnsupportedOperationException: 'unsupported',
  // HEAD requests have no body, so that the CLI shows the HTTP status as the code.
  '403': 'denied',
  '404': 'absent',
  NoSuchBucket: 'absent',
  NoSuchKey: 'absent',
  NotFoundException: 'absent',
  RepositoryNotFoundException: 'absent',
  ClusterNotFoundException: 'absent',
};

const UNREACHABLE = /Could not connect to the endpoint URL|Connection was closed|Name or service not known/i;
const NO_ENDPOINT = /Could not find endpoint|Unknown endpoint|Invalid endpoint/i;
const TIMEOUT = /timed? ?out/i;

const NO_CONNECTION: FailedCall = { status: 'unreachable', code: 'ConnectionError' };

/** Classifies what the AWS CLI printed for a failed call. What nobody knows is `failed`, never success. */
export function classifyCliError(text: string): FailedCall {
  const bounded = text.slice(0, 10_000);
  const code = CODE_IN_TEXT.exec(bounded)?.[1];
  if (code !== undefined) {
    return { status: statusOf(code, bounded), code };
  }
  if (UNREACHABLE.test(bounded)) return NO_CONNECTION;
  if (NO_ENDPOINT.test(bounded)) return { status: 'not-in-partition', code: 'NoEndpoint' };
  if (TIMEOUT.test(bounded)) return { status: 'timeout', code: 'Timeout' };
  return { status: 'failed', code: 'Unknown' };
}

function statusOf(code: string, text: string): FailedCall['status'] {
  const status = Object.hasOwn(STATUS_OF_CODE, code) ? STATUS_OF_CODE[code] : undefined;
  return status === 'denied' && SERVICE_CONTROL_POLICY.test(text) ? 'denied-by-scp' : (status ?? 'failed');
}

const ERROR_CODE = /^[A-Za-z][A-Za-z0-9._]{1,79}$/;
const TLS_CODE = /^(?:ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$)/;
const SYSTEM_CODE = /^E[A-Z]{2,20}$/;

/** The resolver answered that the endpoint's name does not exist. */
const NO_SUCH_NAME: FailedCall = { status: 'unreachable', code: 'ENOTFOUND' };

/**
 * A service that a partition does not have shows by its endpoint: there is no such name, or, as the AWS CLI has it,
 * nothing to connect to. Of a service that the partition has, the same is a failure.
 */
export function inPartition(
  failed: FailedCall,
  partition: string,
  absentFrom: readonly string[] = [],
): FailedCall {
  const missing = failed.code === NO_SUCH_NAME.code || failed.code === NO_CONNECTION.code;
  return absentFrom.includes(partition) && missing
    ? { status: 'not-in-partition', code: 'NoEndpoint' }
    : failed;
}

/**
 * Classifies what the AWS SDK threw. Its message is looked at for one thing only, which policy denied, and
 * never kept: it names principals, and may hold what was asked.
 */
export function classifySdkError(error: unknown): FailedCall {
  if (error instanceof CallFault) return error.failed;
  if (error instanceof DomicileError) {
    if (error.cause === NO_SUCH_NAME.code) return NO_SUCH_NAME;
    return { status: error.code === 'INTERNAL' ? 'failed' : 'unreachable', code: error.code };
  }
  if (!(error instanceof Error)) return { status: 'failed', code: 'Unknown' };
  const system = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (TLS_CODE.test(system) || SYSTEM_CODE.test(system)) return { status: 'unreachable', code: system };
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return { status: 'timeout', code: 'Timeout' };
  if (error.name === 'SyntaxError' || error.name === 'TypeError')
    return { status: 'unreadable', code: 'NotAws' };
  const code = ERROR_CODE.test(error.name) ? error.name : 'Unknown';
  const status = statusOf(code, error.message.slice(0, 10_000));
  return { status: status === 'failed' && isThrottling(error) ? 'throttled' : status, code };
}

/** The SDK marks what a service's own model calls throttling. */
function isThrottling(error: Error): boolean {
  const mark: unknown = '$retryable' in error ? error.$retryable : undefined;
  return isJsonObject(mark) && mark['throttling'] === true;
}

/** Error codes that are an answer: the thing asked for is not configured. */
export function isEmptyAnswer(code: string): boolean {
  return code === 'ServerSideEncryptionConfigurationNotFoundError';
}
