import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { DomicileError } from '../../core/index.ts';
import type { Socket } from '../../net/index.ts';
import type { DialRule } from '../queue/guarded-dial.ts';
import { dialOwn, dialOwnTls } from '../queue/guarded-dial.ts';
import type { Log } from './log.ts';

/** What somebody should know at once. The whole of it leaves the jurisdiction's worker: a verdict and an id. */
export interface Alert {
  readonly v: 1;
  /** `aborted` and `missed` where there is no report at all. */
  readonly verdict: 'fail' | 'inconclusive' | 'aborted' | 'missed';
  /** The report's folder, such as `acme-cn/12-acme-cn-20261124T200000Z`; the run's id where there is none. */
  readonly report: string;
}

/** Sends alerts. Never rejects: what could not be told is in the log and counted. */
export type Alerter = (alert: Alert) => Promise<void>;

export interface WebhookSettings {
  readonly url: string;
  readonly rule: DialRule;
  /** Pauses between the tries, in milliseconds; one try more than there are pauses. */
  readonly pauses: readonly number[];
}

const TIMEOUT_MS = 10_000;

/**
 * @param onFailure called once for each alert that no try could deliver.
 * @throws DomicileError `BAD_INPUT` for a webhook that is no http or https URL.
 */
export function createAlerter(
  webhook: WebhookSettings | undefined,
  log: Log,
  onFailure: () => void,
): Alerter {
  const url = webhook === undefined ? undefined : webhookUrl(webhook.url);
  return async (alert) => {
    log('error', 'alert', { verdict: alert.verdict, report: alert.report });
    if (webhook === undefined || url === undefined) return;
    for (const pause of [0, ...webhook.pauses]) {
      await new Promise((done) => setTimeout(done, pause).unref());
      const why = await post(url, webhook.rule, JSON.stringify(alert));
      if (why === '') return;
      log('warning', 'alert-not-delivered', { why, report: alert.report });
      // A destination outside the jurisdiction stays there.
      if (why === 'EGRESS_REFUSED') break;
    }
    onFailure();
  };
}

function webhookUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new DomicileError('BAD_INPUT', 'expected ALERT_WEBHOOK_URL as an https:// or http:// URL');
}

/** Empty text, or why it was not taken. A redirect is no delivery: it could lead anywhere. */
async function post(url: URL, rule: DialRule, body: string): Promise<string> {
  const secure = url.protocol === 'https:';
  const port = Number(url.port) || (secure ? 443 : 80);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  let socket: Socket;
  try {
    socket = secure
      ? await dialOwnTls(rule, host, port, 'alert', AbortSignal.timeout(TIMEOUT_MS))
      : await dialOwn(rule, host, port, 'alert');
  } catch (error) {
    return error instanceof DomicileError ? error.code : 'TLS_FAILED';
  }
  return new Promise((done) => {
    const request = (secure ? requestHttps : requestHttp)(
      url,
      {
        method: 'POST',
        createConnection: () => socket,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        timeout: TIMEOUT_MS,
      },
      (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        done(status >= 200 && status < 300 ? '' : `HTTP_${status}`);
        socket.destroy();
      },
    );
    request.on('timeout', () => request.destroy(new Error('TIMEOUT')));
    request.on('error', () => done('UNREACHABLE'));
    request.end(body);
  });
}
