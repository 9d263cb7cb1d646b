-- The schema of the sample memory service. What each column may hold: policies/data-maps/memory-v1.yaml.

CREATE TABLE memory_sessions (
  session_id text PRIMARY KEY,
  user_id text NOT NULL,
  facts integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL
);

CREATE TABLE memory_facts (
  fact_id uuid PRIMARY KEY,
  session_id text NOT NULL REFERENCES memory_sessions,
  fact text NOT NULL,
  embedding real[] NOT NULL,
  model text NOT NULL,
  created_at timestamptz NOT NULL
);
