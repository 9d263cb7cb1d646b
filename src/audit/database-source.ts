import type { DatabaseTarget } from '../collection/index.ts';
import { collectDatabase, databaseHost, unreadDatabase } from '../collection/index.ts';
import type { Environment } from '../config/index.ts';
import type { Deployment } from '../evidence/index.ts';
import type { DestinationRule } from '../net/index.ts';
import type { EvidenceSource } from './evidence-source.ts';
import type { RunInputs } from './run-inputs.ts';

type DeclaredDatabase = Deployment['databases'][number];

/**
 * One database of the inventory. Where its connection string is not set, or is none, the run goes on and says so:
 * a scan that did not happen must be seen in the report.
 */
export function databaseSource(
  database: DeclaredDatabase,
  deployment: Deployment,
  dataMaps: RunInputs['dataMaps'],
  environment: Environment,
): EvidenceSource {
  const id = `database/${database.id}`;
  const url = connectionString(database, environment);
  const dataMap = dataMaps.find((one) => one.id === database.dataMap)?.map;
  if (url === undefined || dataMap === undefined) {
    return {
      id,
      allowed: [],
      collect: async function* ({ clock }) {
        yield* unreadDatabase(database.id, 'NoConnectionString', clock);
      },
    };
  }
  const target: DatabaseTarget = { id: database.id, url, dataMap };
  return {
    id,
    allowed: databaseRules(database, deployment, url),
    collect: async function* ({ dialer, clock, signal, onProgress }) {
      onProgress?.({ source: id, step: 'database', done: 0, total: 1 });
      yield* await collectDatabase(target, { dialer, clock, ...(signal === undefined ? {} : { signal }) });
      onProgress?.({ source: id, step: 'database', done: 1, total: 1 });
    },
  };
}

function connectionString({ connection }: DeclaredDatabase, environment: Environment): string | undefined {
  if (!environment.isSet(connection.urlFrom)) return undefined;
  return environment.connectionString(connection.urlFrom);
}

/** The declared host and port, on this machine, in the private network, or in the countries of the jurisdiction. */
function databaseRules(
  { id }: DeclaredDatabase,
  deployment: Deployment,
  url: string,
): readonly DestinationRule[] {
  const { host, port } = databaseHost(url);
  const rule = { id: `database:${id}`, hosts: [host.toLowerCase()], ports: [port] };
  return [
    { ...rule, to: { kind: 'loopback' } },
    { ...rule, to: { kind: 'private' } },
    { ...rule, to: { kind: 'countries', countries: deployment.jurisdiction } },
  ];
}
