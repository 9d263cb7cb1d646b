import { expect, test } from 'vitest';
import { exitCodeOf, formatTotals, NONE, type VitestReport, vitestTotals } from '../../scripts/totals.ts';

const GREEN: VitestReport = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [{ status: 'passed', assertionResults: [{}] }],
};

test('a green run is its counts and succeeds', () => {
  const totals = vitestTotals(GREEN, 0);
  expect(formatTotals(totals)).toBe('3 passed, 0 failed, 2 skipped');
  expect(exitCodeOf(totals, totals)).toBe(0);
});

test('a file that breaks before its first test is a failure', () => {
  const totals = vitestTotals({ ...GREEN, testResults: [{ status: 'failed', assertionResults: [] }] }, 1);
  expect(totals.failed).toBe(1);
  expect(exitCodeOf(totals, totals)).toBe(1);
});

test('a bad end without a failed test is a failure', () => {
  expect(vitestTotals(GREEN, 1).failed).toBe(1);
  expect(vitestTotals(null, 0).failed).toBe(1);
});

test('a run of no tests does not succeed', () => {
  expect(exitCodeOf({ ...NONE, passed: 3 }, NONE)).toBe(1);
});
