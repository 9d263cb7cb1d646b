import { expect, test } from 'vitest';
import { dueRun, unfinishedRuns } from '../../src/audit/due-run.ts';
import type { ChainEntry, RunEntry, RunHistory } from '../../src/storage/index.ts';

const DAILY = { cron: '0 20 * * *', timeZone: 'UTC' };
const at = (day: number, time = '20:00:00'): string => `2026-11-${day}T${time}Z`;
const now = (day: number, time?: string): number => Date.parse(at(day, time));
const NOTHING: RunHistory = { runs: [], reports: [] };

const started = (day: number): RunEntry => ({
  type: 'started',
  runId: `a-${day}`,
  slot: at(day),
  at: at(day, '20:00:01'),
});
const aborted = (day: number): RunEntry => ({
  type: 'aborted',
  runId: `a-${day}`,
  at: at(day, '20:01:00'),
  why: 'STORAGE',
});
const report = (day: number): ChainEntry => ({
  runId: `a-${day}`,
  slot: at(day),
  at: at(day, '20:02:00'),
  sequence: 1,
  statement: '',
  previous: null,
  verdict: 'pass',
  folder: '',
  windowEnd: at(day, '18:00:00'),
  validUntil: at(day + 1, '22:00:00'),
  scheduled: true,
});

test('where nothing ever ran, the newest slot is due and nothing was missed', () => {
  expect(dueRun(DAILY, NOTHING, now(24, '08:00:00'))).toEqual({ kind: 'begin', slot: at(23), missed: [] });
});

test('after a report nothing is due until the next slot', () => {
  const history = { runs: [started(23)], reports: [report(23)] };
  expect(dueRun(DAILY, history, now(24, '19:59:59'))).toEqual({ kind: 'none', next: at(24) });
  expect(dueRun(DAILY, history, now(24))).toEqual({ kind: 'begin', slot: at(24), missed: [] });
});

test('after days without a worker the newest slot is scanned late and the others are missed', () => {
  const history = { runs: [started(20)], reports: [report(20)] };
  expect(dueRun(DAILY, history, now(24, '21:00:00'))).toEqual({
    kind: 'begin',
    slot: at(24),
    missed: [at(21), at(22), at(23)],
  });
});

test('a run that began goes on before a newer slot', () => {
  const history = { runs: [started(23), started(23)], reports: [] };
  const due = dueRun(DAILY, history, now(24, '21:00:00'));
  expect(due).toEqual({ kind: 'resume', slot: at(23), runId: 'a-23', begun: 2 });
});

test('an aborted slot was served: it is not scanned again', () => {
  const history = { runs: [started(23), aborted(23)], reports: [] };
  expect(dueRun(DAILY, history, now(24, '08:00:00'))).toEqual({ kind: 'none', next: at(24) });
});

test('a clock that stands before the last entry decides nothing', () => {
  const history = { runs: [started(23)], reports: [report(23)] };
  expect(dueRun(DAILY, history, now(20))).toEqual({ kind: 'clock-behind', known: at(23, '20:02:00') });
});

test('a run is unfinished after its last beginning, whatever came before', () => {
  const runs = [started(23), aborted(23), started(23)];
  expect(unfinishedRuns({ runs, reports: [] })).toEqual([{ runId: 'a-23', slot: at(23), begun: 1 }]);
  expect(unfinishedRuns({ runs, reports: [report(23)] })).toEqual([]);
});
