import { sampleKeys } from '../../sim/aws-endpoint/accounts.ts';
import type { LoadedService } from '../../src/collection/aws/clients.ts';
import { commandOf, loadService, serviceOf } from '../../src/collection/aws/clients.ts';
import { toJson } from '../../src/collection/aws/pages.ts';
import type { AwsClient } from '../../src/collection/aws/sdk-client.ts';
import type { Json } from '../../src/core/index.ts';
import { isJsonArray, isJsonObject } from '../../src/core/index.ts';
import type { FanOut } from '../../src/evidence/index.ts';
import { sharedCalls, textsAt, withOrigins } from '../../src/evidence/index.ts';
import { ACCOUNT, drawnAnswers, KINDS_READ, REGION } from '../data/collected.ts';

/**
 * The same calls by the plain SDK, one after the other, as a first script would make them: the baseline. Usage:
 * collect-sequentially.ts URL [0]; 0 measures the start of the program alone.
 */
const [endpoint = '', count] = process.argv.slice(2);
const services = new Map<string, { readonly service: LoadedService; readonly client: AwsClient }>();
const answers: {
  readonly call: string;
  readonly asked: Readonly<Record<string, string>>;
  readonly body: Json;
}[] = [];

async function ask(
  call: string,
  parameters: Readonly<Record<string, string | readonly string[]>>,
): Promise<Json> {
  const name = serviceOf(call);
  const known = services.get(name);
  const service = known?.service ?? (await loadService(name));
  const client =
    known?.client ??
    service.create({ region: REGION, endpoint, credentials: sampleKeys(ACCOUNT), forcePathStyle: true });
  services.set(name, { service, client });
  const merged: Record<string, Json> = {};
  let next: Readonly<Record<string, string>> = {};
  for (;;) {
    const command = commandOf(service.module, call, { ...parameters, ...next });
    const page = toJson(await client.send(command, { abortSignal: AbortSignal.timeout(60_000) }));
    if (!isJsonObject(page)) return merged;
    for (const [member, value] of Object.entries(page)) {
      const before = merged[member];
      merged[member] = isJsonArray(before) && isJsonArray(value) ? [...before, ...value] : value;
    }
    const token = Object.entries(page).find(([member]) =>
      /^(?:next)?(?:continuation)?(?:token|marker)$/i.test(member),
    );
    if (typeof token?.[1] !== 'string') return merged;
    next = { [token[0].replace('NextMarker', 'Marker')]: token[1] };
  }
}

/** One call for each batch of ids that another call listed. */
async function askForEach(call: string, { from, ids, parameter, batch, carries }: FanOut): Promise<void> {
  const done = new Set(
    answers.filter((answer) => answer.call === call).flatMap(({ asked }) => asked[parameter]),
  );
  for (const parent of answers.filter((answer) => answer.call === from)) {
    const listed = [...new Set(textsAt(parent.body, ids))].filter((id) => !done.has(id));
    const extra = carries === undefined ? {} : { [carries]: parent.asked[carries] ?? '' };
    for (let at = 0; at < listed.length; at += batch ?? 1) {
      const some = listed.slice(at, at + (batch ?? 1));
      for (const id of some) done.add(id);
      const asked = { [parameter]: some.join(' ') };
      const body = await ask(call, { ...extra, [parameter]: batch === undefined ? some.join(' ') : some });
      answers.push({ call, asked, body });
    }
  }
}

for (const { call, forEach } of count === '0' ? [] : sharedCalls(withOrigins(KINDS_READ))) {
  if (forEach.length === 0) answers.push({ call, asked: {}, body: await ask(call, {}) });
  for (const origin of forEach) await askForEach(call, origin);
}
for (const { client } of services.values()) client.destroy();
console.log(drawnAnswers(answers));
