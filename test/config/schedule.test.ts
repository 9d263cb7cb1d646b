import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron } from '../../src/config/cron.ts';
import { dueSlots, isTimeZone } from '../../src/config/index.ts';
import { offsetMinutes } from '../../src/config/time-zone.ts';
import { toInstant } from '../../src/core/index.ts';

const ZONES = [
  'UTC',
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const instant = fc
  .integer({ min: Date.UTC(2024, 0, 1) / 60_000, max: Date.UTC(2027, 11, 31) / 60_000 })
  .map((minutes) => minutes * 60_000);
const fixedCron = fc
  .tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 }))
  .map(([minute, hour]) => `${minute} ${hour} * * *`);
const cron = fc.oneof(
  fixedCron,
  fc.integer({ min: 0, max: 59 }).map((minute) => `${minute} * * * *`),
  fc.constantFrom(
    '*/20 * * * *',
    '0 */6 * * *',
    '30 2 * * 1-5',
    '0 3 1,15 * 0',
    '0 0 29 2 *',
    '15 1-3 * * *',
  ),
);

/** The wall clock of a zone, written as if it were UTC. */
const wall = (at: number, zone: string): Date => new Date(at + offsetMinutes(at, zone) * 60_000);

describe('the slots of a schedule', () => {
  it('are the local times that the expression says', () => {
    expect(dueSlots('0 2 * * *', 'Asia/Shanghai', '2026-11-21T18:00:00Z', '2026-11-23T18:00:00Z')).toEqual([
      '2026-11-21T18:00:00Z',
      '2026-11-22T18:00:00Z',
    ]);
  });

  it('come once where the clock shows the time twice, at the first', () => {
    expect(dueSlots('30 2 * * *', 'Europe/Berlin', '2026-10-25T00:00:00Z', '2026-10-26T00:00:00Z')).toEqual([
      '2026-10-25T00:30:00Z',
    ]);
  });

  it('come when the clock jumps where it leaves the time out', () => {
    expect(dueSlots('30 2 * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-29T12:00:00Z')).toEqual([
      '2026-03-29T01:00:00Z',
    ]);
  });

  it('come every real hour for a schedule of every hour', () => {
    const autumn = dueSlots('0 * * * *', 'Europe/Berlin', '2026-10-25T00:00:00Z', '2026-10-25T04:00:00Z');
    const spring = dueSlots('0 * * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-29T04:00:00Z');
    expect([autumn.length, spring.length]).toEqual([4, 4]);
  });

  it('fit either kind of day where both are restricted (crontab)', () => {
    const slots = dueSlots('0 0 13 * 5', 'UTC', '2026-11-01T00:00:00Z', '2026-11-16T00:00:00Z');
    expect(slots.map((slot) => slot.slice(8, 10))).toEqual(['06', '13']);
    expect(dueSlots('0 0 12 * 5', 'UTC', '2026-11-09T00:00:00Z', '2026-11-14T00:00:00Z')).toHaveLength(2);
  });

  it('are the same whether a period is asked for whole or in two parts', () => {
    fc.assert(
      fc.property(
        cron,
        fc.constantFrom(...ZONES),
        instant,
        fc.nat(20 * DAY),
        fc.nat(20 * DAY),
        (text, zone, start, one, two) => {
          const [from, middle, to] = [toInstant(start), toInstant(start + one), toInstant(start + one + two)];
          const parts = [...dueSlots(text, zone, from, middle), ...dueSlots(text, zone, middle, to)];
          expect(dueSlots(text, zone, from, to)).toEqual(parts);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('rise, lie inside the period, and match the wall clock or the end of a jump', () => {
    fc.assert(
      fc.property(cron, fc.constantFrom(...ZONES), instant, (text, zone, start) => {
        const slots = dueSlots(text, zone, toInstant(start), toInstant(start + 30 * DAY)).map((slot) =>
          Date.parse(slot),
        );
        const expression = parseCron(text);
        for (const [index, slot] of slots.entries()) {
          expect(slot).toBeGreaterThanOrEqual(start);
          expect(slot).toBeLessThan(start + 30 * DAY);
          if (index > 0) expect(slot).toBeGreaterThan(slots[index - 1] ?? slot);
          const shown = wall(slot, zone);
          const afterJump = offsetMinutes(slot, zone) > offsetMinutes(slot - 60_000, zone);
          const matches =
            expression.minutes.has(shown.getUTCMinutes()) && expression.hours.has(shown.getUTCHours());
          expect(matches || afterJump).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are exactly one on every local day for a daily schedule, whatever the clocks do', () => {
    fc.assert(
      fc.property(fixedCron, fc.constantFrom(...ZONES), instant, (text, zone, start) => {
        const slots = dueSlots(text, zone, toInstant(start), toInstant(start + 60 * DAY)).map((slot) =>
          Date.parse(slot),
        );
        const days = slots.map((slot) => Math.floor(wall(slot, zone).getTime() / DAY));
        for (const [index, day] of days.entries()) {
          if (index > 0) expect(day).toBe((days[index - 1] ?? Number.NaN) + 1);
        }
        expect(days.length).toBeGreaterThanOrEqual(59);
      }),
      { numRuns: 60 },
    );
  });

  it('equal a search of every minute where the clocks do not change (control)', () => {
    fc.assert(
      fc.property(
        cron,
        fc.constantFrom('UTC', 'Asia/Shanghai', 'Asia/Kathmandu'),
        instant,
        (text, zone, start) => {
          const { minutes, hours, daysOfMonth, months, daysOfWeek, days } = parseCron(text);
          const found: string[] = [];
          for (let at = start; at < start + 3 * DAY; at += 60_000) {
            const shown = wall(at, zone);
            const [ofMonth, ofWeek] = [
              daysOfMonth.has(shown.getUTCDate()),
              daysOfWeek.has(shown.getUTCDay()),
            ];
            const day = days === 'either' ? ofMonth || ofWeek : ofMonth && ofWeek;
            if (!day || !months.has(shown.getUTCMonth() + 1)) continue;
            if (minutes.has(shown.getUTCMinutes()) && hours.has(shown.getUTCHours()))
              found.push(toInstant(at));
          }
          expect(dueSlots(text, zone, toInstant(start), toInstant(start + 3 * DAY))).toEqual(found);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('are refused where there would be very many, or the period runs backwards', () => {
    expect(() => dueSlots('* * * * *', 'UTC', '2026-01-01T00:00:00Z', '2026-12-31T00:00:00Z')).toThrow(
      /at most/,
    );
    expect(() => dueSlots('0 0 * * *', 'UTC', '2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z')).toThrow(
      /ends after/,
    );
  });
});

describe('a cron expression', () => {
  it.each(['0 2 * * *', '*/15 0-6/2 1,15 1-12 0-7', '5/10 * * * *', '0 0 29 2 *'])('may be %s', (text) => {
    expect(parseCron(text).minutes.size).toBeGreaterThan(0);
  });

  it.each([
    '',
    '* * * *',
    '* * * * * *',
    '0  2 * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    '@daily',
    '0 2 * * MON',
    '0 2 L * *',
    '0 2 ? * *',
    '-1 * * * *',
    '1,, * * * *',
    '0 0 31 2 *',
    '0 0 31 4,6 *',
    '1e1 * * * *',
    '٣ * * * *',
  ])('may not be "%s"', (text) => {
    expect(() => parseCron(text)).toThrow(/expected/);
  });
});

describe('a time zone', () => {
  it.each(['UTC', 'Asia/Shanghai', 'America/Argentina/Buenos_Aires', 'Etc/GMT+8'])('may be %s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['', 'CST', '+08:00', 'asia/shanghai', 'Asia/Beijing', 'Mars/Olympus', '../etc/passwd'])(
    'may not be "%s"',
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );
});
