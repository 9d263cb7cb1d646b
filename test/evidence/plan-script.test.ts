import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SAMPLES } from '../../sim/samples.ts';
import { parseCommand } from '../../src/collection/files/command-line.ts';
import { parseIndex } from '../../src/collection/files/export-index.ts';
import type { Need } from '../../src/evidence/index.ts';
import { awsNeed, exportScriptOf, targetNeed } from '../../src/evidence/index.ts';
import { sampleDeployment } from '../support/run-sample.ts';

const DEPLOYMENT = sampleDeployment(SAMPLES[0] as (typeof SAMPLES)[number]);
const [{ id: ACCOUNT }] = DEPLOYMENT.accounts;
const WINDOW = { start: '2026-11-21T18:00:00Z', end: '2026-11-22T18:00:00Z' };

/** Stands for the AWS CLI: two ids for each list that is asked for, one refusal, one error of two lines with quotes. */
const STUB = String.raw`#!/usr/bin/env bash
echo "$*" >>"$STUB_LOG"
case "$*" in
  *get-caller-identity*) echo "$STUB_ACCOUNT" ;;
  *list-objects-v2*--query*) echo 'AWSLogs/x.log.gz' ;;
  *--query*services*) printf 'task:1\ttask:2\n' ;;
  *--query*serviceArns*) seq -s ' ' 1 12 | tr ' ' '\t' ;;
  *--query*) printf 'one\ttwo\n' ;;
  *describe-db-clusters*)
    printf '\nAn error occurred (AccessDenied) when calling the "DescribeDBClusters" operation: \\ no\n' >&2
    exit 254
    ;;
  *get-object*) echo bytes >"$7" ;;
  *) echo '{}' ;;
esac
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'domicile-script-'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'aws'), STUB);
  chmodSync(join(folder, 'bin', 'aws'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly status: number | null;
  readonly stderr: string;
  readonly commands: readonly string[];
}

function run(needs: readonly Need[], account = ACCOUNT): Run {
  writeFileSync(join(folder, 'export.sh'), exportScriptOf(DEPLOYMENT, needs, WINDOW));
  const log = join(folder, 'log');
  writeFileSync(log, '');
  const { status, stderr } = spawnSync('bash', [join(folder, 'export.sh'), join(folder, 'out')], {
    env: { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, STUB_LOG: log, STUB_ACCOUNT: account },
    encoding: 'utf8',
  });
  return { status, stderr, commands: readFileSync(log, 'utf8').trim().split('\n') };
}

function need(kind: Need['kind']): Need {
  return awsNeed(kind, ACCOUNT, DEPLOYMENT.region);
}

describe('the export script', () => {
  it('asks whose keys it has, and reads nothing of another account', () => {
    const { status, stderr, commands } = run([need('ec2.vpcs')], '111122223333');
    expect(status).toBe(64);
    expect(stderr).toBe(`expected keys of ${ACCOUNT}, found those of 111122223333\n`);
    expect(commands).toHaveLength(1);
  });

  it('writes an index that says what each file is, with every failure and its exit code', () => {
    expect(run([need('rds.instances'), need('rds.clusters')])).toMatchObject({ status: 0, stderr: '' });
    const place = join(folder, 'out', ACCOUNT, DEPLOYMENT.region);
    const index = JSON.parse(readFileSync(join(place, 'index.json'), 'utf8')) as unknown;
    const entries = parseIndex(index);
    expect(entries).toMatchObject([
      { file: '0001-rds-describe-db-instances.json', exitCode: 0, error: '' },
      { command: `aws rds describe-db-clusters --region ${DEPLOYMENT.region}`, exitCode: 254 },
    ]);
    expect(entries?.[1]?.error).toContain(
      '(AccessDenied) when calling the "DescribeDBClusters" operation: \\',
    );
    expect(readdirSync(place)).toEqual(['0001-rds-describe-db-instances.json', 'index.json']);
  });

  it('asks for each id once, in batches within their cluster, and only by commands that an export folder takes', () => {
    const { commands } = run([need('ecs.services'), need('ecs.tasks'), need('ecs.task-definitions')]);
    const asked = commands.filter((command) => !command.includes('--query'));
    const services = asked.filter((command) => command.startsWith('ecs describe-services'));
    // Two clusters of twelve services each, ten a call.
    expect(services.map((command) => command.replace(/ --output.*/, ''))).toEqual([
      expect.stringMatching(/--cluster one --services (?:\d+ ){10}--region/),
      expect.stringMatching(/--cluster one --services (?:\d+ ){2}--region/),
      expect.stringMatching(/--cluster two --services (?:\d+ ){10}--region/),
      expect.stringMatching(/--cluster two --services (?:\d+ ){2}--region/),
    ]);
    const definitions = asked.filter((command) => command.startsWith('ecs describe-task-definition'));
    expect(definitions).toHaveLength(new Set(definitions).size);
    expect(definitions).toHaveLength(4);
    expect(asked.filter((command) => parseCommand(`aws ${command}`) === undefined)).toEqual([]);
  });

  it('lists the whole folder of logs and fetches the objects of the period', () => {
    const source = DEPLOYMENT.logSources[0]?.id ?? '';
    const { commands } = run([
      targetNeed('flow-logs.listing', source),
      targetNeed('flow-logs.records', source),
    ]);
    const root = `AWSLogs/${ACCOUNT}/vpcflowlogs/${DEPLOYMENT.region}/`;
    expect(commands.some((command) => command.includes(`--prefix ${root} --region`))).toBe(true);
    expect(commands.some((command) => command.includes(`--prefix ${root}2026/11/22/ --query`))).toBe(true);
    expect(readFileSync(join(folder, 'out', 'logs', 'AWSLogs', 'x.log.gz'), 'utf8')).toBe('bytes\n');
  });

  it('does not mix with an earlier export', () => {
    expect(run([need('ec2.vpcs')]).status).toBe(0);
    expect(run([need('ec2.vpcs')]).status).toBe(64);
  });

  it('is clean by shellcheck, where that can be had', ({ skip }) => {
    const found = spawnSync('shellcheck', ['--version']);
    if (found.error !== undefined) {
      console.log('skipped: shellcheck is not installed');
      skip();
    }
    const script = join(folder, 'export.sh');
    writeFileSync(
      script,
      exportScriptOf(DEPLOYMENT, [need('ecs.task-definitions'), need('kms.keys')], WINDOW),
    );
    expect(execFileSync('shellcheck', [script], { encoding: 'utf8' })).toBe('');
  });
});
