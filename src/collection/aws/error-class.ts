import type { EvidenceStatus } from '../../evidence/index.ts';

/** What became of a failed call, and the error code that says so. Free text is never kept: it names principals. */
export interface FailedCall {
  readonly status: Exclude<EvidenceStatus, 'complete' | 'partial'>;
  readonly code: string;
}

const CODE_IN_TEXT =
  /An error occurred \(([A-Za-z0-9.]{1,80})\) when calling the [A-Za-z0-9]{1,80} operation/;
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
  OptInRequired: 'denied',
  KMSAccessDeniedException: 'denied',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  RequestLimitExceeded: 'throttled',
  TooManyRequestsException: 'throttled',
  SlowDown: 'throttled',
  InvalidAction: 'unsupported',
  UnknownOperationException: 'unsupported',
  UnsupportedOperation: 'unsupported',
  UnsupportedOperationException: 'unsupported',
  NoSuchBucket: 'absent',
  NotFoundException: 'absent',
  RepositoryNotFoundException: 'absent',
  ClusterNotFoundException: 'absent',
};

const UNREACHABLE = /Could not connect to the endpoint URL|Connection was closed|Name or service not known/i;
const NO_ENDPOINT = /Could not find endpoint|Unknown endpoint|Invalid endpoint/i;
const TIMEOUT = /timed? ?out/i;

/** Classifies what the AWS CLI printed for a failed call. What nobody knows is `failed`, never success. */
export function classifyCliError(text: string): FailedCall {
  const bounded = text.slice(0, 10_000);
  const code = CODE_IN_TEXT.exec(bounded)?.[1];
  if (code !== undefined) {
    const status = Object.hasOwn(STATUS_OF_CODE, code) ? STATUS_OF_CODE[code] : undefined;
    if (status === 'denied' && SERVICE_CONTROL_POLICY.test(bounded)) return { status: 'denied-by-scp', code };
    return { status: status ?? 'failed', code };
  }
  if (UNREACHABLE.test(bounded)) return { status: 'unreachable', code: 'ConnectionError' };
  if (NO_ENDPOINT.test(bounded)) return { status: 'not-in-partition', code: 'NoEndpoint' };
  if (TIMEOUT.test(bounded)) return { status: 'timeout', code: 'Timeout' };
  return { status: 'failed', code: 'Unknown' };
}

/** Error codes that are an answer: the thing asked for is not configured. */
export function isEmptyAnswer(code: string): boolean {
  return code === 'ServerSideEncryptionConfigurationNotFoundError';
}
