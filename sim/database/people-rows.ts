import type { Random } from '../random.ts';
import type { TableRows } from './copy-text.ts';
import type { GatewayCatalog, SampleModel } from './gateway-catalog.ts';

/** Whoever uses a sample gateway, as the other tables refer to them. */
export interface Population {
  readonly keys: readonly {
    readonly hash: string;
    readonly user: string;
    readonly team: string;
    readonly organization: string;
  }[];
  readonly deployments: readonly { readonly id: string; readonly model: SampleModel }[];
  readonly tables: readonly TableRows[];
}

export function uuid(random: Random): string {
  return [8, 4, 4, 4, 12].map((digits) => random.hex(digits)).join('-');
}

/** What an application with an envelope scheme stores: nonce, ciphertext and tag, which look like noise. */
function envelope(random: Random): string {
  const bytes = Uint8Array.from({ length: 76 }, () => random.below(256));
  return `enc:v1:${Buffer.from(bytes).toString('base64')}`;
}

const CREATED = '2026-01-10 08:00:00+00';
const ROTATED = '2026-09-01 06:30:00+00';

/** Organisations, teams, users, keys, provider credentials, models and their deployments. */
export function population(catalog: GatewayCatalog, region: string, random: Random): Population {
  const organizations = catalog.organizations.map((alias) => ({ id: uuid(random), alias }));
  const teams = catalog.teams.map((alias) => ({
    id: uuid(random),
    alias,
    organization: random.pick(organizations).id,
  }));
  const users = Array.from({ length: 160 }, (_, index) => {
    const person = catalog.people[index % catalog.people.length] ?? '';
    const id =
      index < catalog.people.length ? person : `${person}${Math.floor(index / catalog.people.length)}`;
    return { id, team: random.pick(teams) };
  });
  const keys = Array.from({ length: 240 }, () => {
    const user = random.pick(users);
    const { id: team, organization } = user.team;
    return { hash: random.hex(64), user: user.id, team, organization };
  });
  const providers = [...new Set(catalog.models.map(({ provider }) => provider))];
  const credentials = providers.flatMap((provider) =>
    ['primary', 'standby'].map((use) => ({ id: uuid(random), provider, name: `${provider}-${use}` })),
  );
  const deployments = catalog.models.flatMap((model) => [0, 1].map(() => ({ id: uuid(random), model })));
  const credentialOf = (provider: string): string =>
    credentials.find((one) => one.provider === provider)?.id ?? '';
  const baseOf = (provider: string): string =>
    catalog.models.find((model) => model.provider === provider)?.apiBase ?? '';
  const money = (): number => random.below(4_000_000) / 1000;
  const names = catalog.models.map(({ name }) => name);

  return {
    keys,
    deployments,
    tables: [
      {
        table: 'organizations',
        columns: [
          'organization_id',
          'organization_alias',
          'plan',
          'max_budget',
          'spend',
          'models',
          'created_at',
          'updated_at',
        ],
        rows: organizations.map(({ id, alias }) => [
          id,
          alias,
          'enterprise',
          50_000,
          money(),
          names,
          CREATED,
          ROTATED,
        ]),
      },
      {
        table: 'teams',
        columns: [
          'team_id',
          'organization_id',
          'team_alias',
          'tpm_limit',
          'rpm_limit',
          'blocked',
          'spend',
          'created_at',
        ],
        rows: teams.map(({ id, alias, organization }) => [
          id,
          organization,
          alias,
          400_000,
          600,
          false,
          money(),
          CREATED,
        ]),
      },
      {
        table: 'users',
        columns: ['user_id', 'team_id', 'user_email', 'user_role', 'created_at'],
        rows: users.map(({ id, team }, index) => [
          id,
          team.id,
          random.below(8) === 0 ? null : `${id}@${catalog.mailDomain}`,
          index === 0
            ? 'proxy_admin'
            : random.pick(['internal_user', 'internal_user', 'internal_user_viewer', 'org_admin']),
          CREATED,
        ]),
      },
      {
        table: 'api_keys',
        columns: [
          'token_hash',
          'key_name',
          'key_alias',
          'user_id',
          'team_id',
          'models',
          'spend',
          'limits',
          'expires',
          'last_used_at',
          'created_at',
        ],
        rows: keys.map(({ hash, user, team }, index) => [
          hash,
          `sk-...${random.hex(4)}`.replaceAll('...', '.'),
          `${random.pick(catalog.teams)}-${index}`,
          user,
          team,
          random.below(3) === 0 ? [] : [random.pick(names)],
          money(),
          {
            tpm: 60_000,
            rpm: 120,
            max_parallel_requests: 8,
            model_max_budget: { [random.pick(names)]: 250 },
          },
          random.below(2) === 0 ? null : '2027-06-30 00:00:00+00',
          '2026-11-22 17:40:00+00',
          CREATED,
        ]),
      },
      {
        table: 'provider_credentials',
        columns: [
          'id',
          'credential_id',
          'credential_name',
          'provider',
          'api_key_ciphertext',
          'api_base',
          'rotated_at',
          'created_at',
        ],
        rows: credentials.map(({ id, name, provider }, index) => [
          index + 1,
          id,
          name,
          provider,
          envelope(random),
          baseOf(provider),
          ROTATED,
          CREATED,
        ]),
      },
      {
        table: 'models',
        columns: [
          'model_name',
          'provider',
          'mode',
          'max_input_tokens',
          'max_output_tokens',
          'input_cost_per_token',
          'output_cost_per_token',
        ],
        rows: catalog.models.map(({ name, provider, mode, input, output }) => [
          name,
          provider,
          mode,
          131_072,
          mode === 'chat' ? 16_384 : null,
          input.toFixed(12),
          output.toFixed(12),
        ]),
      },
      {
        table: 'deployments',
        columns: [
          'deployment_id',
          'model_name',
          'credential_id',
          'upstream_model',
          'api_base',
          'region',
          'weight',
          'healthy',
          'checked_at',
        ],
        rows: deployments.map(({ id, model }) => [
          id,
          model.name,
          credentialOf(model.provider),
          model.upstream,
          model.apiBase,
          region,
          1 + random.below(3),
          true,
          '2026-11-22 17:58:00+00',
        ]),
      },
    ],
  };
}
