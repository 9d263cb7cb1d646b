import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { DialRule } from '../../src/worker/index.ts';
import { createAlerter } from '../../src/worker/watch/alerts.ts';
import type { LogFields } from '../../src/worker/watch/log.ts';

const FAILED = { v: 1, verdict: 'fail', report: 'acme-cn/12-acme-cn-20261124T200000Z' } as const;
const servers: { close: () => void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const rule: DialRule = {
  countries: ['CN'],
  // Whatever is not this machine or this network is in the United States.
  locator: { locate: () => ({ kind: 'located', country: 'US' }) as never },
  clock: { now: () => 0 },
  onConnection: () => undefined,
};

/** Somebody who is told of alerts, answering each with the next status. */
async function webhook(
  ...statuses: readonly number[]
): Promise<{ readonly url: string; readonly bodies: readonly string[] }> {
  const bodies: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const status = statuses[bodies.length] ?? 200;
      bodies.push(body);
      response.writeHead(status, { location: 'http://127.0.0.1:9/elsewhere' }).end();
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, bodies };
}

/** Sends one alert and tells what was logged, and whether it counted as lost. */
async function sent(url: string | undefined): Promise<{
  readonly events: readonly string[];
  readonly fields: readonly LogFields[];
  readonly lost: number;
}> {
  const events: string[] = [];
  const fields: LogFields[] = [];
  let lost = 0;
  const alert = createAlerter(
    url === undefined ? undefined : { url, rule, pauses: [1, 1] },
    (_, event, more = {}) => {
      events.push(event);
      fields.push(more);
    },
    () => {
      lost += 1;
    },
  );
  await alert(FAILED);
  return { events, fields, lost };
}

describe('an alert', () => {
  test('is a verdict and the id of a report, and nothing else', async () => {
    const { url, bodies } = await webhook();
    expect(await sent(url)).toMatchObject({ events: ['alert'], lost: 0 });
    expect(bodies).toEqual([JSON.stringify(FAILED)]);
  });

  test('is logged where no webhook is set', async () => {
    const { events, fields } = await sent(undefined);
    expect(events).toEqual(['alert']);
    expect(fields).toEqual([{ verdict: FAILED.verdict, report: FAILED.report }]);
  });

  test('is tried again until it is taken', async () => {
    const { url, bodies } = await webhook(500, 503, 204);
    expect(await sent(url)).toMatchObject({
      events: ['alert', 'alert-not-delivered', 'alert-not-delivered'],
      lost: 0,
    });
    expect(bodies).toHaveLength(3);
  });

  test('is given up after the last try, and counted', async () => {
    const { url, bodies } = await webhook(500, 500, 500, 500);
    const { fields, lost } = await sent(url);
    expect(lost).toBe(1);
    expect(fields.at(-1)).toMatchObject({ why: 'HTTP_500' });
    expect(bodies).toHaveLength(3);
  });

  test('does not follow a redirect, which could lead out of the jurisdiction', async () => {
    const { url } = await webhook(302, 302, 302);
    const { fields, lost } = await sent(url);
    expect(lost).toBe(1);
    expect(fields.at(-1)).toMatchObject({ why: 'HTTP_302' });
  });

  test('is not sent abroad: the destination is refused before it is dialled, once', async () => {
    const { events, fields, lost } = await sent('https://8.8.8.8/hook');
    expect(events).toEqual(['alert', 'alert-not-delivered']);
    expect(fields.at(-1)).toMatchObject({ why: 'EGRESS_REFUSED' });
    expect(lost).toBe(1);
  });

  test('to nobody who listens is unreachable', async () => {
    const { fields } = await sent('http://127.0.0.1:9/hook');
    expect(fields.at(-1)).toMatchObject({ why: 'UNREACHABLE' });
  });

  test('needs an http or https address', () => {
    const log = (): void => undefined;
    expect(() => createAlerter({ url: 'ftp://host/', rule, pauses: [] }, log, log)).toThrow(
      /ALERT_WEBHOOK_URL/,
    );
  });
});
