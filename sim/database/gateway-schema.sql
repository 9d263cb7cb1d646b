-- The schema of the sample LLM gateway. What each column may hold: policies/data-maps/gateway-v1.yaml.

CREATE TABLE organizations (
  organization_id uuid PRIMARY KEY,
  organization_alias text NOT NULL,
  plan text NOT NULL,
  max_budget numeric(14, 4),
  spend numeric(18, 8) NOT NULL DEFAULT 0,
  models text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE teams (
  team_id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  team_alias text NOT NULL,
  tpm_limit bigint,
  rpm_limit bigint,
  blocked boolean NOT NULL DEFAULT false,
  spend numeric(18, 8) NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL
);

CREATE TABLE users (
  user_id text PRIMARY KEY,
  team_id uuid REFERENCES teams,
  user_email text,
  user_role text NOT NULL,
  created_at timestamptz NOT NULL
);

-- Virtual keys of users: only a hash is kept, and the last four characters for recognition.
CREATE TABLE api_keys (
  token_hash text PRIMARY KEY,
  key_name text NOT NULL,
  key_alias text,
  user_id text REFERENCES users,
  team_id uuid REFERENCES teams,
  models text[] NOT NULL DEFAULT '{}',
  spend numeric(18, 8) NOT NULL DEFAULT 0,
  limits jsonb NOT NULL DEFAULT '{}',
  expires timestamptz,
  last_used_at timestamptz,
  created_at timestamptz NOT NULL
);

-- Keys of model providers, encrypted by the application.
CREATE TABLE provider_credentials (
  id bigint NOT NULL UNIQUE,
  credential_id uuid PRIMARY KEY,
  credential_name text NOT NULL UNIQUE,
  provider text NOT NULL,
  api_key_ciphertext text NOT NULL,
  api_base text,
  rotated_at timestamptz,
  created_at timestamptz NOT NULL
);

CREATE TABLE models (
  model_name text PRIMARY KEY,
  provider text NOT NULL,
  mode text NOT NULL,
  max_input_tokens integer,
  max_output_tokens integer,
  input_cost_per_token numeric(18, 12),
  output_cost_per_token numeric(18, 12)
);

CREATE TABLE deployments (
  deployment_id uuid PRIMARY KEY,
  model_name text NOT NULL REFERENCES models,
  credential_id uuid REFERENCES provider_credentials,
  upstream_model text NOT NULL,
  api_base text NOT NULL,
  region text NOT NULL,
  weight integer NOT NULL DEFAULT 1,
  healthy boolean NOT NULL DEFAULT true,
  checked_at timestamptz
);

CREATE TABLE request_logs (
  id bigint NOT NULL,
  request_id text NOT NULL,
  call_type text NOT NULL,
  token_hash text NOT NULL,
  organization_id uuid,
  team_id uuid,
  user_id text,
  model text NOT NULL,
  model_group text NOT NULL,
  provider text NOT NULL,
  api_base text NOT NULL,
  prompt_tokens integer NOT NULL,
  completion_tokens integer NOT NULL,
  total_tokens integer NOT NULL,
  spend double precision NOT NULL,
  started_at timestamptz NOT NULL,
  first_token_at timestamptz,
  ended_at timestamptz NOT NULL,
  duration_ms integer NOT NULL,
  status text NOT NULL,
  error_code text,
  error_text text,
  cache_hit boolean NOT NULL DEFAULT false,
  session_id text,
  request_tags text[] NOT NULL DEFAULT '{}',
  metadata jsonb NOT NULL DEFAULT '{}',
  messages jsonb NOT NULL DEFAULT '{}',
  response jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (request_id, started_at)
) PARTITION BY RANGE (started_at);

CREATE TABLE request_logs_2026_10 PARTITION OF request_logs FOR VALUES FROM ('2026-10-01Z') TO ('2026-11-01Z');
CREATE TABLE request_logs_2026_11 PARTITION OF request_logs FOR VALUES FROM ('2026-11-01Z') TO ('2026-12-01Z');
CREATE TABLE request_logs_default PARTITION OF request_logs DEFAULT;

CREATE TABLE guardrail_violations (
  id bigint NOT NULL UNIQUE,
  violation_id uuid PRIMARY KEY,
  request_id text NOT NULL,
  guardrail_name text NOT NULL,
  violation_type text NOT NULL,
  violation_message text NOT NULL,
  action text NOT NULL,
  score double precision,
  created_at timestamptz NOT NULL
);

CREATE TABLE daily_spend (
  id bigint NOT NULL UNIQUE,
  day date NOT NULL,
  organization_id uuid NOT NULL,
  team_id uuid,
  token_hash text NOT NULL,
  model text NOT NULL,
  provider text NOT NULL,
  prompt_tokens bigint NOT NULL,
  completion_tokens bigint NOT NULL,
  api_requests bigint NOT NULL,
  failed_requests bigint NOT NULL,
  spend double precision NOT NULL,
  PRIMARY KEY (day, token_hash, model)
);

CREATE TABLE audit_events (
  event_id uuid PRIMARY KEY,
  changed_by text NOT NULL,
  action text NOT NULL,
  table_name text NOT NULL,
  object_id text NOT NULL,
  changed_fields text[] NOT NULL DEFAULT '{}',
  source_address inet,
  created_at timestamptz NOT NULL
);

CREATE TABLE cache_index (
  cache_key text PRIMARY KEY,
  model text NOT NULL,
  hits integer NOT NULL DEFAULT 0,
  size_bytes integer NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE sessions (
  session_id text PRIMARY KEY,
  user_id text NOT NULL,
  turns integer NOT NULL DEFAULT 0,
  total_tokens bigint NOT NULL DEFAULT 0,
  started_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL
);

CREATE TABLE schema_migrations (
  version text PRIMARY KEY,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL
);

CREATE INDEX request_logs_started_at ON request_logs (started_at);
CREATE INDEX guardrail_violations_request_id ON guardrail_violations (request_id);
