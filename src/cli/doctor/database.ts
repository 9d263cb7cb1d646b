import type { EvidenceSource, Project } from '../../audit/index.ts';
import { probeDatabase } from '../../collection/index.ts';
import type { CatalogRelation, Deployment, PostgresCatalog } from '../../evidence/index.ts';
import { createDialer } from '../../net/index.ts';
import type { Shell } from '../shell.ts';
import type { DoctorLine } from './finding.ts';
import { broken, ok, warning } from './finding.ts';

type DeclaredDatabase = Deployment['databases'][number];

/** Connects as an audit would, reads the catalogue, and says what the role still needs. Reads no row. */
export async function checkDatabase(
  database: DeclaredDatabase,
  source: EvidenceSource,
  project: Project,
  shell: Shell,
): Promise<readonly DoctorLine[]> {
  const subject = database.id;
  const { urlFrom } = database.connection;
  if (!shell.environment.isSet(urlFrom)) {
    const todo = `set ${urlFrom} to postgres://ROLE:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full`;
    return [broken('database', subject, `the environment variable ${urlFrom} is not set`, todo)];
  }
  const dialer = createDialer({ allowed: source.allowed, locator: project.locator, clock: shell.clock });
  const probe = await probeDatabase(database.id, shell.environment.connectionString(urlFrom), dialer);
  if (probe.status === 'failed') {
    return [
      broken(
        'database',
        subject,
        `cannot be read: ${probe.code}`,
        TODO_OF_CODE[probe.code] ?? 'see docs/operate.md',
      ),
    ];
  }
  return [ok('database', subject, 'connects, read-only'), ...grantLines(subject, probe.catalog)];
}

const TODO_OF_CODE: Readonly<Record<string, string>> = {
  UNREACHABLE: 'check the host, the port, and the security groups between this machine and the database',
  EGRESS_REFUSED: 'the host is outside the jurisdiction: is the connection string right?',
  '28P01': 'check the role and its password',
  '3D000': 'check the name of the database',
};

function grantLines(subject: string, catalog: PostgresCatalog): readonly DoctorLine[] {
  const { role, server, relations } = catalog;
  const unreadable = relations.filter((relation) => holdsRows(relation) && !relation.readable);
  const named = unreadable.slice(0, 5).map(({ schema, name }) => `${schema}.${name}`);
  return [
    ...(role.superuser
      ? [
          warning(
            'database',
            subject,
            'the role is a superuser',
            'use a role with SELECT only (docs/operate.md)',
          ),
        ]
      : []),
    ...(server.tls
      ? []
      : [warning('database', subject, 'the connection is not encrypted', 'use sslmode=verify-full')]),
    ...(unreadable.length === 0
      ? [ok('database', subject, `may read all ${relations.filter(holdsRows).length} tables`)]
      : [
          broken(
            'database',
            subject,
            `may not read ${unreadable.length} tables: ${named.join(', ')}`,
            'GRANT SELECT ON ALL TABLES IN SCHEMA … TO the role, and ALTER DEFAULT PRIVILEGES',
          ),
        ]),
  ];
}

function holdsRows({ kind, temporary }: CatalogRelation): boolean {
  return !temporary && (kind === 'table' || kind === 'partitioned-table' || kind === 'materialized-view');
}
