import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeploymentVerdict, VerdictInput } from '../../src/core/index.ts';
import { controlVerdict, rollUp, worstVerdict } from '../../src/core/index.ts';

/** Controls as they can be: only a failed one can be waived, and findings alone make it fail. */
const CONTROL: fc.Arbitrary<VerdictInput> = fc
  .record({
    findings: fc.nat(3),
    reasons: fc.nat(3),
    waived: fc.boolean(),
    exempt: fc.boolean(),
  })
  .map(({ findings, reasons, waived, exempt }) => {
    if (exempt) return { verdict: 'not-applicable', waived: false, reasons: 0 };
    const verdict = controlVerdict(findings, reasons);
    return { verdict, waived: waived && verdict === 'fail', reasons };
  });
const CONTROLS = fc.array(CONTROL, { maxLength: 8 });
const isGood = (verdict: DeploymentVerdict): boolean => verdict === 'pass' || verdict === 'pass-with-waivers';

describe('the verdict of a control', () => {
  it('is fail with any finding, whatever was not seen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(9), (findings, reasons) => {
        expect(controlVerdict(findings, reasons)).toBe('fail');
      }),
    );
  });

  it('is no pass with any reason', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (reasons) => {
        expect(controlVerdict(0, reasons)).toBe('inconclusive');
      }),
    );
    expect(controlVerdict(0, 0)).toBe('pass');
  });
});

describe('the verdict of a deployment', () => {
  it('does not depend on the order of the controls', () => {
    fc.assert(
      fc.property(CONTROLS, (controls) => {
        expect(rollUp(controls.toReversed())).toBe(rollUp(controls));
      }),
    );
  });

  it('is fail exactly with a fail that nobody accepted', () => {
    fc.assert(
      fc.property(CONTROLS, (controls) => {
        const unwaived = controls.some(({ verdict, waived }) => verdict === 'fail' && !waived);
        expect(rollUp(controls) === 'fail').toBe(unwaived);
      }),
    );
  });

  it('is good only where every control passes, is waived whole, or does not apply, and one passes', () => {
    fc.assert(
      fc.property(CONTROLS, (controls) => {
        const whole = controls.every(
          ({ verdict, waived, reasons }) =>
            verdict === 'pass' || verdict === 'not-applicable' || (waived && reasons === 0),
        );
        const one = controls.some(({ verdict }) => verdict === 'pass');
        expect(isGood(rollUp(controls))).toBe(whole && one);
      }),
    );
  });

  it('is pass-with-waivers wherever an exception was needed', () => {
    fc.assert(
      fc.property(CONTROLS, (controls) => {
        if (rollUp(controls) === 'pass') expect(controls.some(({ waived }) => waived)).toBe(false);
      }),
    );
  });

  it('is no better with a control more that fails or cannot tell', () => {
    const bad = fc.constantFrom<VerdictInput>(
      { verdict: 'fail', waived: false, reasons: 0 },
      { verdict: 'inconclusive', waived: false, reasons: 1 },
      { verdict: 'fail', waived: true, reasons: 1 },
    );
    fc.assert(
      fc.property(CONTROLS, bad, (controls, more) => {
        const verdicts = [rollUp(controls), rollUp([...controls, more])];
        expect(worstVerdict(verdicts)).toBe(verdicts[1]);
        expect(isGood(rollUp([...controls, more]))).toBe(false);
      }),
    );
  });

  it('of nothing is inconclusive', () => {
    expect(rollUp([])).toBe('inconclusive');
    expect(rollUp([{ verdict: 'not-applicable', waived: false, reasons: 0 }])).toBe('inconclusive');
    expect(worstVerdict([])).toBe('inconclusive');
  });
});
