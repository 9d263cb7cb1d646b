import { describe, expect, it } from 'vitest';
import { fillText } from '../../src/policy/outcome-text.ts';

describe('the words of a finding', () => {
  it('are filled in both languages, one and many told apart where the language does', () => {
    const text = {
      en: '{count} {count#value looks|values look} odd at {place}',
      zh: '{place} 处有 {count} 个异常值',
    };
    expect(fillText(text, { count: 1, place: 'a.b' })).toEqual({
      en: '1 value looks odd at a.b',
      zh: 'a.b 处有 1 个异常值',
    });
    expect(fillText(text, { count: 2, place: 'a.b' }).en).toBe('2 values look odd at a.b');
    expect(fillText(text, { count: 0, place: 'a.b' }).en).toBe('0 values look odd at a.b');
  });

  it('keep a place that nothing fills, and never fill a value again', () => {
    expect(fillText({ en: '{gone} {name}', zh: '' }, { name: '{gone}' }).en).toBe('{gone} {gone}');
  });
});
