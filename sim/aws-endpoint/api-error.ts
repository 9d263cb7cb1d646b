import type { Service } from './services.ts';
import type { WireAnswer } from './write-answer.ts';
import { escapeXml } from './write-answer.ts';

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
      return {
        status,
        headers: {
          ...headers,
          'content-type': 'application/x-amz-json-1.1',
          'x-amzn-requestid': requestId,
          'x-amzn-errortype': code,
        },
        body: JSON.stringify({ __type: code, message }),
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

function accessError({ protocol }: Service, message: string): ApiError {
  if (protocol === 'ec2') return new ApiError('UnauthorizedOperation', 403, message);
  return protocol === 'json'
    ? new ApiError('AccessDeniedException', 400, message)
    : new ApiError('AccessDenied', 403, message);
}

export function throttled({ protocol }: Service): ApiError {
  const message = 'Rate exceeded';
  if (protocol === 'ec2') return new ApiError('RequestLimitExceeded', 503, message);
  if (protocol === 'rest-xml') return new ApiError('SlowDown', 503, message);
  return new ApiError(protocol === 'json' ? 'ThrottlingException' : 'Throttling', 400, message);
}

export function expiredToken({ protocol }: Service): ApiError {
  const message = 'The security token included in the request is expired';
  if (protocol === 'ec2') return new ApiError('RequestExpired', 400, message);
  return new ApiError(protocol === 'json' ? 'ExpiredTokenException' : 'ExpiredToken', 400, message);
}

export function unknownKey({ protocol }: Service): ApiError {
  const message = 'The security token included in the request is invalid.';
  if (protocol === 'ec2') return new ApiError('AuthFailure', 401, message);
  if (protocol === 'rest-xml') return new ApiError('InvalidAccessKeyId', 403, message);
  return new ApiError(
    protocol === 'json' ? 'UnrecognizedClientException' : 'InvalidClientTokenId',
    403,
    message,
  );
}

/** A clock that is off by more than AWS takes. */
export function skewed({ protocol }: Service): ApiError {
  const message = 'Signature expired: the request time is too far from the server time';
  if (protocol === 'rest-xml') return new ApiError('RequestTimeTooSkewed', 403, message);
  if (protocol === 'ec2') return new ApiError('RequestExpired', 400, message);
  return new ApiError(
    protocol === 'json' ? 'InvalidSignatureException' : 'SignatureDoesNotMatch',
    403,
    message,
  );
}
