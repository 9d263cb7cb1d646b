import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/index.ts';
import { CONTENT_REDUCTION } from '../../src/evidence/index.ts';
import { classify, contentCanaries, DETECTOR_SET } from '../../src/scan/index.ts';

const DATA = join(import.meta.dirname, '../../../shared/data/text');
const HAS_DATA = existsSync(DATA);
if (!HAS_DATA) console.log('skipped: detector figures on ../shared/data/text, which is absent');

function classesOf(value: Json): readonly string[] {
  return classify(value)
    .filter(({ hit }) => hit)
    .map((verdict) => verdict.class);
}

function isContent(value: Json): boolean {
  return classesOf(value).some((name) => ['prose', 'cjk-prose', 'chat-structure'].includes(name));
}

const PROMPT = 'Please write a short poem about my garden and my late mother';

describe('the detectors', () => {
  it.each([
    ['English', PROMPT, 'prose'],
    ['a question', 'What is the capital of France?', 'prose'],
    ['Spanish', 'Escribe una carta para mi abuela sobre el verano en la playa', 'prose'],
    ['Russian', 'Напиши мне короткое стихотворение про осенний лес', 'prose'],
    ['Chinese', '请帮我写一封给房东的信', 'cjk-prose'],
    ['Japanese', '明日の会議の議事録を書いてください', 'cjk-prose'],
    ['an echo inside an error', `400 invalid_request_error: messages[0].content: ${PROMPT}`, 'prose'],
    ['a question sent as a model name', 'why-is-my-husband-not-talking-to-me', 'prose'],
    ['JSON in text', JSON.stringify({ log: PROMPT }), 'prose'],
    ['JSON in a JSON string in JSON', { log: JSON.stringify({ inner: JSON.stringify(PROMPT) }) }, 'prose'],
    [
      'escapes in an error',
      `request was {"text": "\\u8bf7\\u5e2e\\u6211\\u5199\\u4e00\\u5c01\\u4fe1\\u7ed9\\u6211\\u7684`,
      'cjk-prose',
    ],
    ['a key that is the prompt', { [PROMPT]: 1 }, 'prose'],
    ['an element of an array', ['a', ['b', PROMPT]], 'prose'],
    ['base64', Buffer.from(PROMPT).toString('base64'), 'prose'],
    ['base64 of gzip', gzipSync(PROMPT).toString('base64'), 'prose'],
    ['base64 of zlib', deflateSync(PROMPT).toString('base64'), 'prose'],
    ['a turn', { role: 'user', content: 'hi' }, 'chat-structure'],
    ['an answer', { choices: [{ message: { role: 'assistant', content: 'x' } }] }, 'chat-structure'],
    ['rerank documents', { documents: ['blue whales eat krill'] }, 'chat-structure'],
    ['German', 'Schreibe mir bitte einen Brief an meine Tante über den Sommer', 'prose'],
    ['Italian', 'Scrivi una poesia sulla mia nonna e sul mare', 'prose'],
    ['Indonesian', 'Tolong tuliskan surat pendek untuk nenek saya', 'prose'],
    ['Korean', '이 계약서를 요약해줘', 'cjk-prose'],
    ['a system prompt', { system: 'Answer in rhymes only, please' }, 'chat-structure'],
    ['a Chinese system prompt', { system: '你是一个乐于助人的助手' }, 'chat-structure'],
    [
      'the description of a tool',
      { type: 'function', function: { name: 'orders', description: 'Finds orders of a customer' } },
      'chat-structure',
    ],
    [
      'a list of tools',
      { tools: [{ name: 'orders', description: 'Finds orders of a customer' }] },
      'chat-structure',
    ],
    ['a form', `q=${encodeURIComponent(PROMPT)}`, 'prose'],
    ['a form in Chinese', `q=${encodeURIComponent('请帮我写一封信给房东')}`, 'cjk-prose'],
    ['hexadecimal', Buffer.from(PROMPT).toString('hex'), 'prose'],
    ['hexadecimal in capitals', Buffer.from(PROMPT).toString('hex').toUpperCase(), 'prose'],
    ...['nvapi-', 'csk-', 'tgp_v1_', 'sk-ant-api03-', 'gsk_', 'AKID'].map(
      (start): [string, string, string] => [
        `a key that starts with ${start}`,
        `${start}${'Ab9xQ2mTz7Lw'.repeat(5).slice(0, start === 'AKID' ? 32 : 50)}`,
        'secret-key',
      ],
    ),
    ['a picture', 'data:image/png;base64,iVBORw0KGgo=', 'opaque-binary'],
    [
      'a JWT',
      ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'c2lnbmF0dXJlc2lnbmF0dXJl'].join('.'),
      'secret-key',
    ],
    [
      'a provider key in a text',
      `key ${['sk', 'proj', 'Ab9xQ2mT'.repeat(5)].join('-')} was refused`,
      'secret-key',
    ],
  ] satisfies [string, Json, string][])('recognise %s', (_, value, expected) => {
    expect(classesOf(value)).toContain(expected);
  });

  it.each([
    'gpt-4o-2024-08-06',
    'us.anthropic.claude-3-5-sonnet-20241022-v2:0',
    '6f1c1d7e-0a0b-4c4d-8e8f-112233445566',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '2026-11-24T01:02:03Z',
    'https://api.openai.com/v1/chat/completions',
    'rate limit exceeded',
    'Rate limit reached for gpt-4o in organization org-abc on tokens per min (TPM): Limit 30000, Used 29000.',
    'request timed out after 600 seconds',
    'Acme Research Labs Ltd',
    '北京智谱华章科技有限公司',
    '当前分组上游负载已饱和，请稍后再试',
    { messages: [], input: 'text', prompt_tokens: 12, role: 'admin' },
    { system: 'linux amd64', tools: ['search_web', 'get_time'], function: 'handler' },
    '100% of budget used, 35%25 left',
    'd0b8de41-be0d-4fa6-8e1a-7d2c9e6fd105',
  ] satisfies Json[])('leave operational values alone: %j', (value) => {
    expect(classesOf(value)).toEqual([]);
  });

  it('call what is too deep, too wrapped or too large unexamined', () => {
    const deep = `${'['.repeat(100)}1${']'.repeat(100)}`;
    expect(classesOf(JSON.parse(deep) as Json)).toContain('unexamined');
    expect(classesOf('x '.repeat(600_000))).toContain('unexamined');
    let wrapped = 'x'.repeat(20);
    for (let layer = 0; layer < 8; layer++) wrapped = JSON.stringify({ wrapped });
    expect(classesOf(wrapped)).toContain('unexamined');
    const bomb = gzipSync(Buffer.alloc(4_000_000)).toString('base64');
    expect(classesOf(bomb)).toContain('unexamined');
  });

  it('are those that evidence says it was reduced with', () => {
    expect(DETECTOR_SET).toBe(CONTENT_REDUCTION.detectors);
  });

  it('catch every canary', () => {
    expect(contentCanaries().filter(({ caught }) => !caught)).toEqual([]);
  });
});

describe.skipIf(!HAS_DATA)('the detectors on public texts', () => {
  const read = (file: string): string => readFileSync(join(DATA, file), 'utf8');
  const share = (values: readonly string[]): number => values.filter(isContent).length / values.length;
  const prompts = (): readonly string[] =>
    [...read('awesome-chatgpt-prompts-2024.csv').matchAll(/^"(?:[^"]|"")*","((?:[^"]|"")*)"$/gm)]
      .map(([, prompt]) => prompt ?? '')
      .slice(1);

  it('recognise nearly all prompts, English and Chinese, whole and echoed in errors', () => {
    const english = prompts();
    const chinese = (JSON.parse(read('prompts-zh.json')) as { prompt: string }[]).map(({ prompt }) => prompt);
    const echoes = english.map(
      (prompt) => `BadRequestError: Error code: 400 - {'message': "Invalid value: ${prompt.slice(0, 120)}"`,
    );
    expect(english.length).toBeGreaterThan(100);
    expect(share(english)).toBeGreaterThan(0.98);
    expect(share(chinese)).toBeGreaterThan(0.98);
    expect(share(echoes)).toBeGreaterThan(0.95);
  });

  it('leave nearly all error strings of a gateway alone', () => {
    const errors = (JSON.parse(read('litellm-error-strings.json')) as { text: string }[]).map(
      ({ text }) => text,
    );
    expect(errors.length).toBeGreaterThan(500);
    expect(share(errors)).toBeLessThan(0.05);
  });
});
