import { describe, expect, test } from 'vitest';
import { PALETTE } from '../../src/report/html/style.ts';

/** Contrast ratio of two colours as WCAG 2.2 defines it (relative luminance of sRGB). */
function contrast(left: string, right: string): number {
  const [lighter, darker] = [luminance(left), luminance(right)].toSorted((one, other) => other - one);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

describe('the palette', () => {
  test.each([
    ['ink', 'paper'],
    ['ink', 'band'],
    ['soft', 'paper'],
    ['soft', 'band'],
    ['link', 'paper'],
    ['pass', 'paper'],
    ['fail', 'paper'],
    ['unsure', 'paper'],
    ['paper', 'fail'],
  ] as const)('keeps 4.5:1 for %s on %s (WCAG 2.2, 1.4.3)', (text, ground) => {
    expect(contrast(PALETTE[text], PALETTE[ground])).toBeGreaterThanOrEqual(4.5);
  });

  test('is measured by a formula that knows black, white and a pair that is too pale', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#999999', '#ffffff')).toBeLessThan(4.5);
  });
});
