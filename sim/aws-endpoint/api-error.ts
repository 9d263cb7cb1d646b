import type { Service } from './services.ts';
import type { WireAnswer } from './write-answer.ts';
import { escapeXml, JSON_TYPES } from './write-answer.ts';

/** An error as AWS answers it. Messages hold what real ones hold: principals, and what was asked. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

/** Writes an error in the service's protocol. */
export function writeError(
  { protocol }: Service,
  { code, status, message, headers }: ApiError,
  requestId: string,
): WireAnswer {
  const text = escapeXml(message);
  const xml = { ...headers, 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId };
  switch (protocol) {
    case 'json':
    case 'json-1.0':
      return {
        status,
        headers: { ...headers, ...jsonHeaders(protocol, requestId), 'x-amzn-errortype': code },
        body: JSON.stringify({ __type: code, message }),
      };
    case 'rest-json':
      return {
        status,
        // The namespace after the colon is what real answers have (Smithy, restJson1 error type).
        headers: {
          ...headers,
          ...jsonHeaders(protocol, requestId),
          'x-amzn-errortype': `${code}:http://internal.amazon.com/coral/com.amazon.coral.service/`,
        },
        body: JSON.stringify({ message }),
      };
    case 'ec2':
      return {
        status,
        headers: xml,
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${text}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
      };
    case 'query':
      return {
        status,
        headers: xml,
        body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${text}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      };
    case 'rest-xml':
      return {
        status,
        headers: { ...headers, 'content-type': 'application/xml', 'x-amz-request-id': requestId },
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${text}</Message><RequestId>${requestId}</RequestId></Error>`,
      };
    default:
      return protocol satisfies never;
  }
}

function jsonHeaders(protocol: keyof typeof JSON_TYPES, requestId: string): Readonly<Record<string, string>> {
  return { 'content-type': JSON_TYPES[protocol], 'x-amzn-requestid': requestId };
}

/** JSON over RPC refuses with 400, JSON over REST with the HTTP status that says it. */
function jsonError({ protocol }: Service, code: string, restStatus: number, message: string): ApiError {
  return new ApiError(code, protocol === 'rest-json' ? restStatus : 400, message);
}

function speaksJson({ protocol }: Service): boolean {
  return Object.hasOwn(JSON_TYPES, protocol);
}

/** The words with which AWS refuses, which name the caller. */
function refusal(call: string, caller: string, why: string): string {
  return `User: ${caller} is not authorized to perform: ${call} ${why}`;
}

/** Denied by the principal's own policies: each protocol family has its own code for it. */
export function denied(service: Service, call: string, caller: string): ApiError {
  return accessError(service, refusal(call, caller, 'because no identity-based policy allows the action'));
}

/** Denied by a service control policy of the organisation. */
export function deniedByScp(service: Service, call: string, caller: string): ApiError {
  return accessError(service, refusal(call, caller, 'with an explicit deny in a service control policy'));
}

function accessError(service: Service, message: string): ApiError {
  if (service.protocol === 'ec2') return new ApiError('UnauthorizedOperation', 403, message);
  return speaksJson(service)
    ? jsonError(service, 'AccessDeniedException', 403, message)
    : new ApiError('AccessDenied', 403, message);
}

export function throttled(service: Service): ApiError {
  const message = 'Rate exceeded';
  if (service.protocol === 'ec2') return new ApiError('RequestLimitExceeded', 503, message);
  if (service.protocol === 'rest-xml') return new ApiError('SlowDown', 503, message);
  if (service.name === 'lambda') return new ApiError('TooManyRequestsException', 429, message);
  return speaksJson(service)
    ? jsonError(service, 'ThrottlingException', 429, message)
    : new ApiError('Throttling', 400, message);
}

export function expiredToken(service: Service): ApiError {
  const message = 'The security token included in the request is expired';
  if (service.protocol === 'ec2') return new ApiError('RequestExpired', 400, message);
  return speaksJson(service)
    ? jsonError(service, 'ExpiredTokenException', 403, message)
    : new ApiError('ExpiredToken', 400, message);
}

export function unknownKey(service: Service): ApiError {
  const message = 'The security token included in the request is invalid.';
  if (service.protocol === 'ec2') return new ApiError('AuthFailure', 401, message);
  if (service.protocol === 'rest-xml') return new ApiError('InvalidAccessKeyId', 403, message);
  return new ApiError(
    speaksJson(service) ? 'UnrecognizedClientException' : 'InvalidClientTokenId',
    403,
    message,
  );
}

/** A clock that is off by more than AWS takes. */
export function skewed(service: Service): ApiError {
  const message = 'Signature expired: the request time is too far from the server time';
  if (service.protocol === 'rest-xml') return new ApiError('RequestTimeTooSkewed', 403, message);
  if (service.protocol === 'ec2') return new ApiError('RequestExpired', 400, message);
  return new ApiError(
    speaksJson(service) ? 'InvalidSignatureException' : 'SignatureDoesNotMatch',
    403,
    message,
  );
}
