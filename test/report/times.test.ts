import { describe, expect, test } from 'vitest';
import { timesOf } from '../../src/report/times.ts';

describe('an instant in a report', () => {
  test.each([
    ['Asia/Shanghai', '2026-11-23T02:00:00Z', '2026-11-23 10:00 +08:00 (2026-11-23T02:00:00Z)'],
    ['UTC', '2026-11-23T02:00:00Z', '2026-11-23 02:00 +00:00 (2026-11-23T02:00:00Z)'],
    ['Asia/Kolkata', '2026-12-31T18:30:00Z', '2027-01-01 00:00 +05:30 (2026-12-31T18:30:00Z)'],
    ['America/St_Johns', '2026-01-01T00:00:00Z', '2025-12-31 20:30 -03:30 (2026-01-01T00:00:00Z)'],
    // The hour that a clock change repeats is told apart by its offset.
    ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25 02:30 +02:00 (2026-10-25T00:30:00Z)'],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25 02:30 +01:00 (2026-10-25T01:30:00Z)'],
  ])('in %s stands in the zone of the deployment, with UTC beside it', (zone, instant, text) => {
    const { local, utc } = timesOf(instant, zone);
    expect(`${local} (${utc})`).toBe(text);
  });
});
