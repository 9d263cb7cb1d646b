import { gunzipSync, gzipSync } from 'node:zlib';
import type { LogObject } from '../../sim/flow-objects.ts';
import type { AwsObject, Stack } from '../../sim/stack.ts';
import type { Marker } from './marker-search.ts';

/** Where a deployment can hold what must never leave it. */
export const ROW_PLACES = [
  'prompt in an error text',
  'answer in a JSON member',
  'undeclared JSON key',
  'value under an undeclared key',
  'undeclared column',
  'undeclared table',
  'model name',
  'request tag',
  'provider key',
  'bytes',
  'text-search vector',
  'column default',
  'table comment',
  'view text',
] as const;

export const ACCOUNT_PLACES = [
  'environment value',
  'log option',
  'task override',
  'tag',
  'security group description',
  'interface description',
  'master user',
  'bucket owner',
  'unknown member',
] as const;

export const LOG_PLACES = ['malformed line', 'header', 'field beyond the format'] as const;

type Texts<P extends string> = Readonly<Record<P, string>>;

/** The markers' texts by place. */
export function textsOf<P extends string>(markers: readonly Marker[], places: readonly P[]): Texts<P> {
  const entries = places.map((place) => [place, markers.find((one) => one.place === place)?.text ?? '']);
  return Object.fromEntries(entries) as Texts<P>;
}

/** SQL that puts a marker into every place of a gateway's database. */
export function markedRows(texts: Texts<(typeof ROW_PLACES)[number]>): string {
  const prompt = (text: string): string =>
    `Invalid request, content was: Please write a long letter to my grandmother about ${text} and tell her everything`;
  return [
    `UPDATE request_logs SET error_text = '${prompt(texts['prompt in an error text'])}' WHERE id = 5`,
    `UPDATE request_logs SET metadata = jsonb_set(metadata, '{route}', '"${prompt(texts['answer in a JSON member'])}"') WHERE id = 6`,
    `UPDATE request_logs SET metadata = metadata || '{"${texts['undeclared JSON key']}": 1}' WHERE id = 7`,
    `UPDATE request_logs SET metadata = metadata || '{"note": {"messages": [{"role": "user", "content": "${texts['value under an undeclared key']}"}]}}' WHERE id = 8`,
    `ALTER TABLE teams ADD COLUMN note text DEFAULT '${texts['column default']}'`,
    `UPDATE teams SET note = '${prompt(texts['undeclared column'])}'`,
    `CREATE TABLE scratch (id bigint, text text)`,
    `INSERT INTO scratch VALUES (1, '${prompt(texts['undeclared table'])}')`,
    `UPDATE request_logs SET model = 'x ${texts['model name']}' WHERE id = 9`,
    `UPDATE request_logs SET request_tags = ARRAY['please-tell-me-what-${texts['request tag']}-is-for-my-mother'] WHERE id = 10`,
    `UPDATE provider_credentials SET api_key_ciphertext = 'sk-proj-${texts['provider key']}' WHERE id = 1`,
    `CREATE TABLE blobs (id bigint, body bytea, search tsvector)`,
    `INSERT INTO blobs VALUES (1, convert_to('${prompt(texts.bytes)}', 'UTF8'), to_tsvector('simple', '${prompt(texts['text-search vector'])}'))`,
    `COMMENT ON TABLE scratch IS '${texts['table comment']}'`,
    `CREATE VIEW peek AS SELECT '${texts['view text']}'::text AS word`,
  ].join(';\n');
}

/** The account with a marker in every member that the collector must drop. */
export function markedStack(stack: Stack, texts: Texts<(typeof ACCOUNT_PLACES)[number]>): Stack {
  const tags = [{ Key: 'owner', Value: texts.tag }];
  const tagged = (list: readonly AwsObject[]): readonly AwsObject[] =>
    list.map((object) => ({ ...object, Tags: tags, tags: [{ key: 'owner', value: texts.tag }] }));
  return {
    ...stack,
    vpcs: tagged(stack.vpcs),
    clusters: tagged(stack.clusters),
    keys: stack.keys.map((key) => ({ ...key, Description: texts['unknown member'] })),
    buckets: stack.buckets,
    securityGroups: stack.securityGroups.map((group) => ({
      ...group,
      Description: texts['security group description'],
    })),
    networkInterfaces: stack.networkInterfaces.map((one) => ({
      ...one,
      Description: texts['interface description'],
    })),
    databaseInstances: stack.databaseInstances.map((database) => ({
      ...database,
      MasterUsername: texts['master user'],
      TagList: tags,
    })),
    tasks: stack.tasks.map((task) => ({
      ...task,
      overrides: { containerOverrides: [{ environment: [{ name: 'KEY', value: texts['task override'] }] }] },
    })),
    taskDefinitions: stack.taskDefinitions.map((definition) => ({
      ...definition,
      containerDefinitions: (definition['containerDefinitions'] as readonly AwsObject[]).map((container) => ({
        ...container,
        environment: [{ name: 'PROVIDER_KEY', value: texts['environment value'] }],
        logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': texts['log option'] } },
        command: ['--owner', texts['bucket owner']],
      })),
    })),
  };
}

/** The first log objects with lines that no record should have. */
export function markedLogs(
  logs: readonly LogObject[],
  texts: Texts<(typeof LOG_PLACES)[number]>,
): readonly LogObject[] {
  const added = [
    `2 123456789012 eni-1 ${texts['malformed line']}`,
    `version srcaddr ${texts.header}`,
    `5 - - - - - - - - - - - - - - - - - - - - ${texts['field beyond the format']}`,
  ];
  return logs.map((log, index) => {
    const line = added[index];
    if (line === undefined) return log;
    return { ...log, bytes: gzipSync(`${gunzipSync(log.bytes).toString('latin1')}${line}\n`) };
  });
}
