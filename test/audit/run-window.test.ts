import { describe, expect, it } from 'vitest';
import { requireSlot, scanCounts, scheduledWindow, validUntil } from '../../src/audit/run-window.ts';
import type { ChainEntry, RunEntry } from '../../src/storage/index.ts';

const DAILY = { cron: '0 4 * * *', timeZone: 'Asia/Shanghai' };
const SLOT = '2026-11-22T20:00:00Z';

function report(slot: string, windowEnd: string, rest: Partial<ChainEntry> = {}): ChainEntry {
  return {
    runId: `d-${slot.replaceAll(/[:-]/g, '')}`,
    slot,
    at: slot,
    sequence: 1,
    statement: 's',
    previous: null,
    verdict: 'pass',
    folder: '1-d',
    windowEnd,
    validUntil: slot,
    scheduled: true,
    ...rest,
  };
}

function started(slot: string): RunEntry {
  return { type: 'started', runId: `d-${slot.replaceAll(/[:-]/g, '')}`, slot, at: slot };
}

describe('the window of a scheduled run', () => {
  it('ends two hours before its slot and, for the first, starts where the slot before it would have ended', () => {
    expect(scheduledWindow(DAILY, SLOT, [])).toEqual({
      start: '2026-11-21T18:00:00Z',
      end: '2026-11-22T18:00:00Z',
    });
  });

  it('starts where the last one ended, however long ago that is: windows join', () => {
    const last = report('2026-11-19T20:00:00Z', '2026-11-19T18:00:00Z');
    expect(scheduledWindow(DAILY, SLOT, [last]).start).toBe('2026-11-19T18:00:00Z');
  });

  it('does not join a report beside the schedule: that one was judged by other rules', () => {
    const last = report('2026-11-21T20:00:00Z', '2026-11-21T18:00:00Z');
    const beside = report('2026-11-22T10:00:00Z', '2026-11-22T08:00:00Z', { scheduled: false });
    expect(scheduledWindow(DAILY, SLOT, [last, beside]).start).toBe('2026-11-21T18:00:00Z');
  });

  it('is not reported twice', () => {
    expect(() => scheduledWindow(DAILY, SLOT, [report(SLOT, '2026-11-22T18:00:00Z')])).toThrow(
      /not reported yet/,
    );
  });
});

describe('a slot', () => {
  it('is one of the schedule', () => {
    expect(() => requireSlot(DAILY, SLOT)).not.toThrow();
    expect(() => requireSlot(DAILY, '2026-11-22T20:00:01Z')).toThrow(/expected a slot/);
    expect(() => requireSlot(DAILY, '2026-11-22T19:00:00Z')).toThrow(/2026-11-21T20:00:00Z/);
  });

  it('is current until the next one has had time to report', () => {
    expect(validUntil(DAILY, SLOT)).toBe('2026-11-23T22:00:00Z');
  });
});

describe('the scans that page one counts', () => {
  const run = { runId: 'd-20261122T200000Z', at: SLOT };

  it('of the first run are itself', () => {
    expect(scanCounts(DAILY, { runs: [], reports: [] }, run)).toEqual({
      due: 1,
      started: 1,
      finished: 0,
      passed: 0,
      aborted: 0,
      missed: [],
    });
  });

  it('show a slot that a dead worker missed, and a run that left no report', () => {
    const slots = ['2026-11-18T20:00:00Z', '2026-11-19T20:00:00Z', '2026-11-21T20:00:00Z'];
    const history = {
      runs: slots.map(started),
      reports: [report(slots[0] ?? '', '2026-11-18T18:00:00Z')],
    };
    expect(scanCounts(DAILY, history, run)).toEqual({
      due: 5,
      started: 4,
      finished: 1,
      passed: 1,
      aborted: 2,
      missed: ['2026-11-20T20:00:00Z'],
    });
  });

  it('count a run that was started twice once', () => {
    const history = { runs: [started(SLOT), started(SLOT)], reports: [] };
    expect(scanCounts(DAILY, history, run)).toMatchObject({ due: 1, started: 1, aborted: 0, missed: [] });
  });

  it('reach back to the last report where that is longer ago than a month', () => {
    const slot = '2026-09-01T20:00:00Z';
    const history = { runs: [started(slot)], reports: [report(slot, '2026-09-01T18:00:00Z')] };
    const { due, missed } = scanCounts(DAILY, history, run);
    expect(due).toBe(83);
    expect(missed[0]).toBe('2026-09-02T20:00:00Z');
  });
});
