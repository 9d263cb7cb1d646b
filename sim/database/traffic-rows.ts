import type { JsonObject } from '../../src/core/index.ts';
import type { Random } from '../random.ts';
import type { Cell, TableRows } from './copy-text.ts';
import type { SampleModel } from './gateway-catalog.ts';
import type { Population } from './people-rows.ts';
import { uuid } from './people-rows.ts';

/** The logs start here; the samples' day is within. Milliseconds since the epoch. */
const FROM = Date.parse('2026-10-20T00:00:00Z');
const TO = Date.parse('2026-11-22T18:00:00Z');
const DAY = 86_400_000;

/** Failures as gateways write them. None quotes a request. */
const FAILURES = [
  {
    code: '429',
    type: 'RateLimitError',
    text: 'RateLimitError: upstream returned 429, limit tpm exceeded, retry after 12 seconds',
  },
  {
    code: '504',
    type: 'Timeout',
    text: 'Timeout: connection to upstream timed out after 60.0 seconds, retries=2',
  },
  {
    code: '401',
    type: 'AuthenticationError',
    text: 'AuthenticationError: invalid api key for provider, key hash not found',
  },
  {
    code: '400',
    type: 'ContextWindowExceededError',
    text: 'ContextWindowExceededError: 140211 tokens exceed maximum context length 131072',
  },
  {
    code: '503',
    type: 'ServiceUnavailableError',
    text: 'ServiceUnavailableError: no healthy deployment, all endpoints in cooldown',
  },
  {
    code: '403',
    type: 'BudgetExceededError',
    text: 'BudgetExceededError: team budget 2500.00 exceeded, current spend 2501.13',
  },
] as const;

const VIOLATIONS = [
  {
    guardrail: 'presidio-pii',
    type: 'pii',
    message: 'Blocked by guardrail presidio-pii: entity EMAIL_ADDRESS detected, score 0.98',
  },
  {
    guardrail: 'presidio-pii',
    type: 'pii',
    message: 'Masked by guardrail presidio-pii: entity PHONE_NUMBER detected, 2 entities',
  },
  {
    guardrail: 'prompt-shield',
    type: 'prompt_injection',
    message: 'Blocked by guardrail prompt-shield: injection pattern matched, rule id 14',
  },
  {
    guardrail: 'secrets',
    type: 'secrets',
    message: 'Blocked by guardrail secrets: credential type aws_access_key detected',
  },
  {
    guardrail: 'topics',
    type: 'topic_denied',
    message: 'Blocked by guardrail topics: denied topic id 3, threshold 0.80',
  },
] as const;

function stamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 23).replace('T', ' ')}+00`;
}

const CALL_TYPES = { chat: 'acompletion', embedding: 'aembedding', rerank: 'arerank' } as const;

/** One request of a sample gateway, kept for the tables that add requests up. */
interface SampleRequest {
  readonly id: string;
  readonly startedAt: number;
  readonly key: Population['keys'][number];
  readonly model: SampleModel;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly spend: number;
  readonly failed: boolean;
}

/** Request logs, sessions, violations, spend, audit events, cache and migrations of a sample gateway. */
export function trafficTables(people: Population, requests: number, random: Random): readonly TableRows[] {
  const sessions = Array.from({ length: Math.max(4, Math.floor(requests / 12)) }, () => ({
    id: `sess_${random.hex(16)}`,
    key: random.pick(people.keys),
  }));
  const made: SampleRequest[] = [];
  const rows = Array.from({ length: requests }, (_, index) => {
    const { request, row } = requestRow(people, sessions, index + 1, requests, random);
    made.push(request);
    return row;
  });
  return [
    { table: 'request_logs', columns: REQUEST_COLUMNS, rows },
    sessionTable(sessions, random),
    violationTable(made, Math.max(8, Math.floor(requests / 40)), random),
    spendTable(made),
    auditTable(people, Math.max(8, Math.floor(requests / 50)), random),
    cacheTable(people, Math.max(8, Math.floor(requests / 30)), random),
    migrationTable(random),
  ];
}

const REQUEST_COLUMNS = [
  'id',
  'request_id',
  'call_type',
  'token_hash',
  'organization_id',
  'team_id',
  'user_id',
  'model',
  'model_group',
  'provider',
  'api_base',
  'prompt_tokens',
  'completion_tokens',
  'total_tokens',
  'spend',
  'started_at',
  'first_token_at',
  'ended_at',
  'duration_ms',
  'status',
  'error_code',
  'error_text',
  'cache_hit',
  'session_id',
  'request_tags',
  'metadata',
  'messages',
  'response',
];

function requestRow(
  people: Population,
  sessions: readonly { readonly id: string; readonly key: Population['keys'][number] }[],
  id: number,
  requests: number,
  random: Random,
): { readonly request: SampleRequest; readonly row: readonly Cell[] } {
  const session = random.below(3) === 0 ? undefined : random.pick(sessions);
  const key = session?.key ?? random.pick(people.keys);
  const deployment = random.pick(people.deployments);
  const { model } = deployment;
  const failure = random.below(40) === 0 ? random.pick(FAILURES) : undefined;
  const promptTokens = 20 + random.below(6000);
  const completionTokens = failure !== undefined || model.mode !== 'chat' ? 0 : 10 + random.below(1500);
  const spend = promptTokens * model.input + completionTokens * model.output;
  const startedAt = FROM + Math.floor(((TO - FROM) * (id - 1)) / requests) + random.below(60_000);
  const duration = 180 + random.below(9000);
  const request: SampleRequest = {
    id: `req_${random.hex(20)}`,
    startedAt,
    key,
    model,
    promptTokens,
    completionTokens,
    spend,
    failed: failure !== undefined,
  };
  const metadata: JsonObject = {
    gateway_version: '2.14.3',
    route: 'chat-completions',
    deployment_id: deployment.id,
    retries: random.below(2),
    fallbacks: [],
    cost_breakdown: {
      input_cost: promptTokens * model.input,
      output_cost: completionTokens * model.output,
      total_cost: spend,
    },
    usage: { cached_tokens: random.below(400), reasoning_tokens: 0 },
    guardrails: [{ name: 'presidio-pii', status: 'passed', duration_ms: random.below(90) }],
    ...(failure === undefined
      ? {}
      : {
          error_information: {
            error_class: failure.type,
            error_code: failure.code,
            error_message: failure.text,
          },
        }),
  };
  const row: readonly Cell[] = [
    id,
    request.id,
    CALL_TYPES[model.mode],
    key.hash,
    key.organization,
    key.team,
    key.user,
    model.name,
    model.name,
    model.provider,
    model.apiBase,
    promptTokens,
    completionTokens,
    promptTokens + completionTokens,
    spend,
    stamp(startedAt),
    failure === undefined && model.mode === 'chat' ? stamp(startedAt + Math.floor(duration / 3)) : null,
    stamp(startedAt + duration),
    duration,
    failure === undefined ? 'success' : 'failure',
    failure?.code ?? null,
    failure?.text ?? null,
    random.below(20) === 0,
    session?.id ?? null,
    random.below(4) === 0 ? [random.pick(['batch', 'interactive', 'nightly', 'pilot'])] : [],
    metadata,
    {},
    {},
  ];
  return { request, row };
}

function sessionTable(
  sessions: readonly { readonly id: string; readonly key: Population['keys'][number] }[],
  random: Random,
): TableRows {
  return {
    table: 'sessions',
    columns: ['session_id', 'user_id', 'turns', 'total_tokens', 'started_at', 'last_seen_at'],
    rows: sessions.map(({ id, key }) => {
      const startedAt = FROM + random.below(TO - FROM - DAY);
      return [
        id,
        key.user,
        1 + random.below(30),
        random.below(90_000),
        stamp(startedAt),
        stamp(startedAt + random.below(DAY)),
      ];
    }),
  };
}

function violationTable(made: readonly SampleRequest[], count: number, random: Random): TableRows {
  return {
    table: 'guardrail_violations',
    columns: [
      'id',
      'violation_id',
      'request_id',
      'guardrail_name',
      'violation_type',
      'violation_message',
      'action',
      'score',
      'created_at',
    ],
    rows: Array.from({ length: count }, (_, index) => {
      const { id, startedAt } = random.pick(made);
      const { guardrail, type, message } = random.pick(VIOLATIONS);
      const action = message.startsWith('Masked') ? 'masked' : 'blocked';
      return [
        index + 1,
        uuid(random),
        id,
        guardrail,
        type,
        message,
        action,
        random.below(100) / 100,
        stamp(startedAt),
      ];
    }),
  };
}

/** Requests added up by day, key and model, as the gateway's own job does it. */
function spendTable(made: readonly SampleRequest[]): TableRows {
  const groups = Map.groupBy(made, ({ startedAt, key, model }) =>
    [new Date(startedAt).toISOString().slice(0, 10), key.hash, model.name].join(' '),
  );
  const rows = [...groups].map(([name, own], index): readonly Cell[] => {
    const [day = '', hash = ''] = name.split(' ');
    const [first] = own;
    const total = (measure: (request: SampleRequest) => number): number =>
      own.reduce((sum, request) => sum + measure(request), 0);
    return [
      index + 1,
      day,
      first?.key.organization ?? null,
      first?.key.team ?? null,
      hash,
      first?.model.name ?? null,
      first?.model.provider ?? null,
      total(({ promptTokens }) => promptTokens),
      total(({ completionTokens }) => completionTokens),
      own.length,
      total(({ failed }) => (failed ? 1 : 0)),
      total(({ spend }) => spend),
    ];
  });
  return {
    table: 'daily_spend',
    columns: [
      'id',
      'day',
      'organization_id',
      'team_id',
      'token_hash',
      'model',
      'provider',
      'prompt_tokens',
      'completion_tokens',
      'api_requests',
      'failed_requests',
      'spend',
    ],
    rows,
  };
}

function auditTable(people: Population, count: number, random: Random): TableRows {
  return {
    table: 'audit_events',
    columns: [
      'event_id',
      'changed_by',
      'action',
      'table_name',
      'object_id',
      'changed_fields',
      'source_address',
      'created_at',
    ],
    rows: Array.from({ length: count }, () => [
      uuid(random),
      random.pick(people.keys).user,
      random.pick(['created', 'updated', 'deleted', 'blocked', 'rotated']),
      random.pick(['api_keys', 'teams', 'deployments', 'provider_credentials']),
      uuid(random),
      random.below(2) === 0 ? ['max_budget', 'models'] : ['blocked'],
      `10.40.${16 + random.below(16)}.${1 + random.below(250)}`,
      stamp(FROM + random.below(TO - FROM)),
    ]),
  };
}

function cacheTable(people: Population, count: number, random: Random): TableRows {
  return {
    table: 'cache_index',
    columns: ['cache_key', 'model', 'hits', 'size_bytes', 'expires_at'],
    rows: Array.from({ length: count }, () => [
      random.hex(64),
      random.pick(people.deployments).model.name,
      random.below(40),
      400 + random.below(20_000),
      stamp(TO + random.below(DAY)),
    ]),
  };
}

function migrationTable(random: Random): TableRows {
  return {
    table: 'schema_migrations',
    columns: ['version', 'checksum', 'applied_at'],
    rows: Array.from({ length: 31 }, (_, index) => [
      `2026${String(1 + Math.floor(index / 3)).padStart(2, '0')}${String(1 + (index % 3) * 9).padStart(2, '0')}-gateway-${index + 1}`,
      random.hex(64),
      '2026-01-10 08:00:00+00',
    ]),
  };
}
