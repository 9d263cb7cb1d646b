import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locateYaml, parseInventory, projectSchema } from '../../src/config/index.ts';
import { DomicileError } from '../../src/core/index.ts';
import { isCountryCode } from '../../src/geo/index.ts';

const GOLDEN = join(import.meta.dirname, 'golden');
const ENVIRONMENT = { dataMaps: new Set(['gateway']), isCountryCode };

function faultsOf(name: string): string {
  const bytes = readFileSync(join(GOLDEN, name));
  try {
    parseInventory(locateYaml({ file: name, bytes }, projectSchema('inventory')), ENVIRONMENT);
    return 'no faults\n';
  } catch (error) {
    if (!(error instanceof DomicileError) || error.code !== 'BAD_INPUT') throw error;
    return `${error.message}\n`;
  }
}

describe('an inventory', () => {
  const names = readdirSync(GOLDEN).filter((name) => name.endsWith('.yaml'));

  it.each(names)('%s has exactly the faults of its expected text', async (name) => {
    await expect(faultsOf(name)).toMatchFileSnapshot(join(GOLDEN, name.replace('.yaml', '.txt')));
  });

  it('shows no connection string that was pasted where a variable belongs', () => {
    expect(faultsOf('schema-faults.yaml')).toContain('text that matches ^[A-Z]');
    expect(faultsOf('schema-faults.yaml')).not.toContain('hunter2');
  });

  it('is accepted where all its parts agree (control)', () => {
    expect(faultsOf('valid.yaml')).toBe('no faults\n');
  });
});
