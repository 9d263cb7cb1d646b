import type { Clock } from '../../core/index.ts';
import type { Dialer } from '../../net/index.ts';
import { createAgents } from '../../net/index.ts';
import type { Limiter } from '../limiter.ts';
import { createLimiter } from '../limiter.ts';
import type { LoadedService } from './clients.ts';
import { loadService } from './clients.ts';
import type { KeyProvider } from './credentials.ts';
import type { AwsLimits } from './limits.ts';
import { readOnlyMiddleware } from './read-only.ts';
import type { AwsClient } from './sdk-client.ts';
import { wholeAnswerMiddleware } from './whole-answer.ts';

/** A client with its connections, and how many requests it may have under way. */
export interface OpenService {
  readonly service: LoadedService;
  readonly client: AwsClient;
  readonly limiter: Limiter;
  readonly close: () => void;
}

/** Where a service is asked. */
export interface ServicePlace {
  readonly region: string;
  readonly endpoint?: string;
  readonly certificates?: string;
}

/** What a client is given to work with. */
export interface ServiceTools {
  readonly dialer: Dialer;
  readonly clock: Clock;
  readonly limits: AwsLimits;
}

/** Loads a service's client and binds it: to the dialer, to reads, and to answers that are whole. */
export async function openService(
  name: string,
  keys: KeyProvider,
  place: ServicePlace,
  { dialer, limits, clock }: ServiceTools,
): Promise<OpenService> {
  const service = await loadService(name);
  const connections = limits.concurrency[name] ?? limits.concurrency.other;
  const agents = createAgents({
    dialer,
    purpose: `aws:${name}`,
    connections,
    ...(place.certificates === undefined ? {} : { certificates: place.certificates }),
  });
  const client = service.create({
    ...FIXED_SETTINGS,
    region: place.region,
    credentials: keys,
    maxAttempts: limits.attempts,
    requestHandler: {
      httpAgent: agents.httpAgent,
      httpsAgent: agents.httpsAgent,
      requestTimeout: limits.attemptTime,
      throwOnRequestTimeout: true,
    },
    ...(place.endpoint === undefined ? {} : { endpoint: place.endpoint }),
  });
  client.middlewareStack.add(readOnlyMiddleware(name), {
    step: 'initialize',
    name: 'domicileReadOnly',
    priority: 'high',
  });
  client.middlewareStack.add(wholeAnswerMiddleware(name, clock), {
    step: 'deserialize',
    name: 'domicileWholeAnswer',
    priority: 'low',
  });
  return {
    service,
    client,
    limiter: createLimiter(connections),
    close: () => {
      client.destroy();
      agents.destroy();
    },
  };
}

/**
 * Everything that the SDK would else take from environment variables and ~/.aws/config, which could turn the
 * endpoint elsewhere without the report saying so.
 */
const FIXED_SETTINGS = {
  retryMode: 'adaptive',
  defaultsMode: 'standard',
  ignoreConfiguredEndpointUrls: true,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  forcePathStyle: true,
  followRegionRedirects: false,
  useArnRegion: false,
  disableS3ExpressSessionAuth: true,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
  // A clock that is off dates the evidence wrongly: it is told (`wholeAnswerMiddleware`), not worked around.
  disableClockSkewCorrection: true,
  userAgentAppId: 'domicile',
  // What the SDK would warn of may quote what was asked.
  logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
} as const;

function silent(): void {}
