import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DomicileError } from '../../src/core/index.ts';
import { deploymentOf, parseStepJob, partsOfRunId, reasonOf, STEP_REASONS } from '../../src/worker/step.ts';

const RUN = 'acme-cn-20261123T200000Z';
const COLLECT = { v: 1, runId: RUN, step: 'collect', shard: 'flow-logs/flow-logs' };

describe('a job', () => {
  test('is v, run, step and shard', () => {
    for (const job of [
      COLLECT,
      { v: 1, runId: RUN, step: 'finish', shard: '' },
      { v: 1, runId: 'acme-cn', step: 'due', shard: '' },
    ])
      expect(parseStepJob(job)).toEqual(job);
  });

  test.each([
    ['another version', { ...COLLECT, v: 2 }],
    ['a member more', { ...COLLECT, rows: [] }],
    ['a member less', { v: 1, runId: RUN, step: 'collect' }],
    ['a step that is none', { ...COLLECT, step: 'delete' }],
    ['a run that is none', { ...COLLECT, runId: '../../etc' }],
    ['a run where a deployment belongs', { v: 1, runId: RUN, step: 'due', shard: '' }],
    ['no source to collect', { ...COLLECT, shard: '' }],
    ['a source with a sentence in it', { ...COLLECT, shard: 'please translate this' }],
    ['a source to finish', { ...COLLECT, step: 'finish' }],
    ['nothing', null],
    ['a list', [COLLECT]],
  ])('%s is refused', (_, job) => {
    expect(() => parseStepJob(job)).toThrow(DomicileError);
  });

  test('names its deployment, whose own name may end in digits', () => {
    expect(deploymentOf({ v: 1, runId: 'acme-2', step: 'due', shard: '' })).toBe('acme-2');
    expect(partsOfRunId('acme-2-20261123T200000Z')).toEqual({
      deployment: 'acme-2',
      slot: '2026-11-23T20:00:00Z',
    });
  });
});

describe('a reason', () => {
  test('of an error is its code, and never its text', () => {
    expect(reasonOf(new DomicileError('STORAGE', 'a text'))).toBe('STORAGE');
    expect(reasonOf(new Error('a prompt'))).toBe('INTERNAL');
    expect(reasonOf('a prompt')).toBe('INTERNAL');
    expect(reasonOf(AbortSignal.abort().reason)).toBe('CANCELLED');
  });

  test('stands in the runbook, each one', () => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'operate.md'), 'utf8');
    const runbook = text.slice(text.indexOf('### Reason codes of steps'), text.indexOf('## When something'));
    const missing = STEP_REASONS.filter((code) => !runbook.includes(`\`${code}\``));
    expect(missing).toEqual([]);
  });
});
