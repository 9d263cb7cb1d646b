import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { projectFile, projectRoot, readEnvironment, readYamlFile } from '../../src/config/index.ts';

const SECRET = 'postgres://auditor:hunter2@db.example:5432/gateway';

describe('the environment', () => {
  it('gives a connection string by the name of its variable', () => {
    expect(readEnvironment({ ACME_URL: SECRET }).connectionString('ACME_URL')).toBe(SECRET);
  });

  it.each([
    ['is not set', {}],
    ['is empty', { ACME_URL: '' }],
    ['is no Postgres URL', { ACME_URL: 'host=db password=hunter2' }],
    ['is a URL of something else', { ACME_URL: 'https://auditor:hunter2@db.example/' }],
  ])('refuses a variable that %s, without showing it', (_what, variables) => {
    const read = (): string => readEnvironment(variables).connectionString('ACME_URL');
    expect(read).toThrow(/ACME_URL/);
    expect(read).not.toThrow(/hunter2/);
  });

  it('takes no member that every object has for a variable', () => {
    expect(readEnvironment({}).isSet('constructor')).toBe(false);
  });

  it('shows no secret when it is printed', () => {
    const environment = readEnvironment({ ACME_URL: SECRET });
    expect(inspect(environment, { depth: 9 }) + JSON.stringify(environment)).not.toContain('hunter2');
  });
});

describe("the project's files", () => {
  it('are found above this module and nowhere else', () => {
    expect(projectFile('schemas', 'policy.schema.json').startsWith(projectRoot())).toBe(true);
    expect(() => projectRoot('/')).toThrow(/install the package again/);
  });

  it('that are absent or folders are faults, not exceptions', () => {
    expect(readYamlFile('no/such.yaml', 'policy').faults).toMatchObject([
      { message: 'expected a file, found none' },
    ]);
    expect(readYamlFile(projectRoot(), 'policy', 'folder').faults).toMatchObject([
      { message: 'expected a file, found something else' },
    ]);
  });
});
