export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NONE: Totals = { passed: 0, failed: 0, skipped: 0 };

/** The part of vitest's JSON report that the totals need. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/**
 * Totals of a vitest run. A file that failed before its first test, and a run that ended badly without a failed
 * test (an unhandled error, a killed process: no report at all), each count as one failure.
 */
export function vitestTotals(report: VitestReport | null, exitCode: number): Totals {
  if (report === null) return { ...NONE, failed: 1 };
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = report.numFailedTests + broken.length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

export function addTotals(left: Totals, right: Totals): Totals {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}

export function formatTotals({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** 1 on any failure, and where no test ran: a filter that matches nothing must not look like success. */
export function exitCodeOf(totals: Totals, suites: Totals): number {
  return totals.failed > 0 || suites.passed === 0 ? 1 : 0;
}
