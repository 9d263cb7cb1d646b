import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleKeys } from '../../sim/aws-endpoint/accounts.ts';
import type { AwsEndpoint } from '../../sim/aws-endpoint/endpoint.ts';
import { startAwsEndpoint } from '../../sim/aws-endpoint/endpoint.ts';
import { sampleAccount } from '../../sim/aws-endpoint/sample-account.ts';
import { SAMPLE_SLOT, SAMPLES } from '../../sim/samples.ts';
import { writeInventory } from '../../sim/write-inventory.ts';
import { outputFaults } from '../support/output-schemas.ts';
import { domicile } from '../support/shell.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => join(folder, ...names);
const SAMPLE = 'global-sg';
const INVENTORY = ['--inventory', at('inventory', 'deployments.yaml')];
const DEPLOYMENT = ['--deployment', SAMPLE, ...INVENTORY];
/** The shell's own time: an endpoint with another one would be told as a wrong clock. */
const CLOCK = { now: () => Date.parse('2026-11-22T20:30:00Z') };

const { accessKeyId, secretAccessKey } = sampleKeys('700000000001');
const KEYS = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };

let endpoint: AwsEndpoint;
beforeAll(async () => {
  writeInventory(at('inventory'), SAMPLES);
  endpoint = await startAwsEndpoint({ accounts: SAMPLES.map(sampleAccount), clock: CLOCK });
  await domicile(['keys', 'generate', '--out', at('key.pem'), '--demo']);
});
afterAll(() => endpoint.close());

describe('the command line against an endpoint', () => {
  it('collect reads the account and its logs; what it cannot read, it names', async () => {
    const { exitCode, out } = await domicile(
      ['collect', ...DEPLOYMENT, '--endpoint', endpoint.url, '--out', at('store'), '--json'],
      { variables: KEYS },
    );
    expect(outputFaults('collect', out[0] ?? '')).toEqual([]);
    const { items } = JSON.parse(out[0] ?? '') as {
      readonly items: readonly { readonly status: string; readonly key: { readonly kind: string } }[];
    };
    const gaps = items.filter(({ status }) => status !== 'complete').map(({ key }) => key.kind.split('.')[0]);
    expect(new Set(gaps)).toEqual(new Set(['postgres']));
    expect(items.length).toBeGreaterThan(15);
    expect(exitCode).toBe(2);
  });

  it('audit marks its report as one that did not ask AWS', async () => {
    const { exitCode, out } = await domicile(
      [
        ...[
          'audit',
          ...DEPLOYMENT,
          '--endpoint',
          endpoint.url,
          '--out',
          at('reports'),
          '--key',
          at('key.pem'),
        ],
        ...['--slot', SAMPLE_SLOT, '--json'],
      ],
      { variables: KEYS },
    );
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      reports: [{ deployment: SAMPLE, marks: ['demo-key', 'custom-endpoint'], verdict: 'inconclusive' }],
    });
    expect(exitCode).toBe(2);
  });

  it('doctor asks every call, and says what to grant where one is refused', async () => {
    endpoint.behave({ call: 'rds:DescribeDBInstances', behaviour: { kind: 'deny' } });
    const { exitCode, out } = await domicile(
      ['doctor', ...DEPLOYMENT, '--endpoint', endpoint.url, '--key', at('key.pem'), '--out', at('reports')],
      { variables: KEYS },
    );
    endpoint.reset();
    expect(exitCode).toBe(1);
    expect(out.join('\n')).toMatch(/rds:DescribeDBInstances: denied/);
    expect(out.join('\n')).toContain('grant rds:DescribeDBInstances to the role');
  });

  it('plan --iam prints one policy, and asks for the account where there are several', async () => {
    const one = await domicile(['plan', ...DEPLOYMENT, '--iam']);
    expect(JSON.parse(one.out.join('\n'))).toMatchObject({ Version: '2012-10-17' });
    const unknown = await domicile(['plan', ...DEPLOYMENT, '--iam', '--account', '111122223333']);
    expect(unknown).toMatchObject({ exitCode: 64 });
  });

  it('plan --cli prints a script that names the account and changes nothing', async () => {
    const { exitCode, out } = await domicile(['plan', ...DEPLOYMENT, '--cli']);
    expect(exitCode).toBe(0);
    expect(out[0]).toBe('#!/usr/bin/env bash');
    const calls = out.filter((line) => /^\s*call /.test(line)).map((line) => line.trim().split(' ')[2] ?? '');
    expect(calls.filter((operation) => !/^(?:describe|get|list|search)-/.test(operation))).toEqual([]);
    expect(await domicile(['plan', ...DEPLOYMENT, '--cli', '--iam'])).toMatchObject({ exitCode: 64 });
  });
});
