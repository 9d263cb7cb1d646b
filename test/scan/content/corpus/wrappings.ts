import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Json } from '../../../../src/core/index.ts';

/** Ways in which a text is stored as something that does not read like it. Each gives the stored value. */
export type Wrapping = (text: string) => Json;

const base64 = (bytes: Buffer): string => bytes.toString('base64');
const wordsOf = (text: string): string[] => text.split(/[\s,.?!:;]+/).filter((word) => word !== '');
const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
const unitOf = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0');
const units = (text: string): string[] => text.split('');

/** Joined by what is no space: only languages that set spaces have words to join. */
export const JOININGS: Readonly<Record<string, Wrapping>> = {
  CamelCase: (text) => wordsOf(text).map(capitalised).join(''),
  commas: (text) => wordsOf(text).join(','),
  underscores: (text) => wordsOf(text).join('_'),
  dashes: (text) => wordsOf(text).join('-'),
  'plus signs': (text) => wordsOf(text).join('+'),
  pipes: (text) => wordsOf(text).join('|'),
  'no-break spaces': (text) => text.replaceAll(' ', '\u00a0'),
  'zero-width spaces': (text) => text.replaceAll(' ', '\u200b'),
  'zero-width characters inside': (text) => units(text).join('\u200b'),
  'spaced letters': (text) =>
    wordsOf(text)
      .map((word) => units(word).join(' '))
      .join('   '),
  'an array of words': (text) => wordsOf(text),
  'an object of words': (text) => Object.fromEntries(wordsOf(text).map((word, at) => [String(at), word])),
};

/** Encodings, for texts of any language. */
export const ENCODINGS: Readonly<Record<string, Wrapping>> = {
  'JSON escapes': (text) =>
    units(text)
      .map((unit) => `\\u${unitOf(unit)}`)
      .join(''),
  'JSON escapes twice': (text) =>
    units(text)
      .map((unit) => `\\\\u${unitOf(unit)}`)
      .join(''),
  'bytes as a Python literal': (text) =>
    `b'${[...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`,
  'octal escapes': (text) =>
    [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  'HTML entities': (text) =>
    Array.from(text)
      .map((one) => `&#${one.codePointAt(0)};`)
      .join(''),
  'HTML entities in hexadecimal': (text) =>
    Array.from(text)
      .map((one) => `&#x${one.codePointAt(0)?.toString(16)};`)
      .join(''),
  'percent-encoding': (text) => encodeURIComponent(text),
  'percent-encoding twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  '%u escapes': (text) =>
    units(text)
      .map((unit) => `%u${unitOf(unit)}`)
      .join(''),
  'quoted-printable': (text) =>
    [...Buffer.from(text)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  base64: (text) => base64(Buffer.from(text)),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 in lines': (text) => base64(Buffer.from(text)).replaceAll(/(.{20})/g, '$1\r\n'),
  'base64 twice': (text) => base64(Buffer.from(base64(Buffer.from(text)))),
  'base64 of UTF-16': (text) => base64(Buffer.from(text, 'utf16le')),
  'base64 of UTF-16, high byte first': (text) => base64(Buffer.from(text, 'utf16le').swap16()),
  'base64 of gzip': (text) => base64(gzipSync(text)),
  'base64 of zlib': (text) => base64(deflateSync(text)),
  'base64 of deflate': (text) => base64(deflateRawSync(text)),
  'base64 of Zstandard': (text) => base64(zstdCompressSync(Buffer.from(text))),
  'base64 of Brotli': (text) => base64(brotliCompressSync(Buffer.from(text))),
  base32: (text) => base32(Buffer.from(text)),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  'hexadecimal with spaces': (text) =>
    [...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
  'hexadecimal of UTF-16': (text) => Buffer.from(text, 'utf16le').toString('hex'),
  'hexadecimal of gzip': (text) => gzipSync(text).toString('hex'),
  'an array of characters': (text) => Array.from(text),
  'an array of character codes': (text) => [...Buffer.from(text)],
  'a Node buffer': (text) => ({ type: 'Buffer', data: [...Buffer.from(text)] }),
  'streamed pieces': (text) =>
    (text.match(/.{1,4}/gsu) ?? []).map((content) => ({ choices: [{ index: 0, delta: { content } }] })),
  'an event stream': (text) =>
    (text.match(/.{1,4}/gsu) ?? [])
      .map(
        (content) =>
          `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] })}\n\n`,
      )
      .join(''),
  'lines of JSON': (text) =>
    (text.match(/.{1,4}/gsu) ?? [])
      .map((response) => JSON.stringify({ model: 'llama3', response }))
      .join('\n'),
  logfmt: (text) => `level=info ts=2026-11-24T01:02:03Z caller=main.go:8 prompt="${text}" tokens=12`,
  'JSON in a log line': (text) =>
    `2026-11-24 INFO request ${JSON.stringify({ model: 'gpt-4o', prompt: text })} done`,
  'a Python literal': (text) => `{'messages': [{'role': 'user', 'content': '${text}'}], 'stream': True}`,
  'an echo in an error': (text) =>
    `Error code: 400 - {'error': {'message': "Invalid value: '${text}'.", 'type': 'invalid_request_error'}}`,
  'JSON in JSON in JSON': (text) =>
    JSON.stringify({ body: JSON.stringify({ inner: JSON.stringify({ q: text }) }) }),
  Markdown: (text) => `## Task\n\n- **${text}**\n`,
  XML: (text) => `<?xml version="1.0"?><request><q>${text}</q></request>`,
};

/** The forms in which model APIs and frameworks keep a turn, with a text too short for any language model. */
export const CHAT_FORMS: Readonly<Record<string, Wrapping>> = {
  'OpenAI messages': (text) => ({ messages: [{ role: 'user', content: text }] }),
  'OpenAI parts': (text) => ({ role: 'user', content: [{ type: 'text', text }] }),
  'OpenAI Responses input': (text) => ({
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text }],
  }),
  'OpenAI Responses output': (text) => ({
    output: [{ type: 'message', content: [{ type: 'output_text', text }] }],
  }),
  'Anthropic blocks': (text) => ({ role: 'assistant', content: [{ type: 'text', text }] }),
  'Anthropic tool use': (text) => ({ type: 'tool_use', id: 'toolu_1', name: 'search', input: { q: text } }),
  'Anthropic tool result': (text) => ({ type: 'tool_result', tool_use_id: 'toolu_1', content: text }),
  'Gemini contents': (text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
  'Gemini candidates': (text) => ({ candidates: [{ content: { parts: [{ text }], role: 'model' } }] }),
  'Gemini function call': (text) => ({ functionCall: { name: 'search', args: { q: text } } }),
  'Bedrock Converse': (text) => ({ output: { message: { role: 'assistant', content: [{ text }] } } }),
  'Bedrock Titan': (text) => ({ inputText: text }),
  'Bedrock Titan answer': (text) => ({ results: [{ outputText: text }] }),
  Cohere: (text) => ({ message: 'x', chat_history: [{ role: 'USER', message: text }] }),
  'Cohere preamble': (text) => ({ preamble: `${text} and always be nice` }),
  'Qwen input': (text) => ({ model: 'qwen-max', input: { messages: [{ role: 'user', content: text }] } }),
  'Zhipu data': (text) => ({ data: { choices: [{ role: 'assistant', content: text }] } }),
  Hunyuan: (text) => ({ Messages: [{ Role: 'user', Content: text }] }),
  MiniMax: (text) => ({ sender_type: 'USER', sender_name: 'u', text }),
  ShareGPT: (text) => ({ conversations: [{ from: 'human', value: text }] }),
  'speaker and turn': (text) => ({ speaker: 'assistant', utterance: text }),
  author: (text) => ({ author: { role: 'user' }, content: { content_type: 'text', parts: [text] } }),
  sender: (text) => ({ sender: 'human', body: text }),
  LangChain: (text) => ({ type: 'human', data: { content: text } }),
  'LangChain serialised': (text) => ({
    lc: 1,
    id: ['langchain', 'schema', 'HumanMessage'],
    kwargs: { content: text },
  }),
  'tool call': (text) => ({
    tool_calls: [
      { id: 'c', type: 'function', function: { name: 'search', arguments: JSON.stringify({ q: text }) } },
    ],
  }),
  'function call': (text) => ({ name: 'search', arguments: JSON.stringify({ q: text }) }),
  Ollama: (text) => ({ model: 'llama3', message: { role: 'assistant', content: text } }),
  'a completion': (text) => ({ completion: `${text} there` }),
  'question and answer': (text) => ({ question: `${text} you there`, answer: `${text} to you` }),
  'a retrieved chunk': (text) => ({ page_content: `${text} dear reader`, metadata: { source: 'a.pdf' } }),
  'an embedded document': (text) => ({ id: 'vec1', metadata: { _node_content: `${text} dear reader` } }),
  ChatML: (text) => `<|im_start|>user\n${text}<|im_end|>`,
  Llama: (text) => `<s>[INST] ${text} [/INST]`,
  Gemma: (text) => `<start_of_turn>user\n${text}<end_of_turn>`,
  'Human and Assistant': (text) => `\n\nHuman: ${text}\n\nAssistant:`,
  'User and Assistant': (text) => `User: ${text}\nAssistant: ${text}`,
  'a Python turn': (text) => `{'role': 'user', 'content': '${text}'}`,
  'an escaped turn': (text) => `got {\\"role\\": \\"user\\", \\"content\\": \\"${text}\\"}`,
};

function base32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const digits = (bits.match(/.{1,5}/g) ?? []).map((five) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five.padEnd(5, '0'), 2)),
  );
  return digits.join('').padEnd(Math.ceil(digits.length / 8) * 8, '=');
}
