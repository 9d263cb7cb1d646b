import type { Json, JsonObject } from '../../../core/index.ts';
import type { Detector } from '../detector.ts';

/** Members that hold what was said, in the request and answer shapes of model APIs. */
const CONTENT_MEMBERS: ReadonlySet<string> = new Set([
  'messages',
  'choices',
  'prompt',
  'prompts',
  'input',
  'inputs',
  'completion',
  'instructions',
  'system_prompt',
  'system_instruction',
  'systeminstruction',
  'contents',
  'query',
  'documents',
  'output_text',
  'response_text',
  'responsetext',
  'reasoning_content',
  'thinking',
  'transcript',
  'negative_prompt',
]);
/** Members, in lower case, of which an object must have one to be a conversation. */
export const CHAT_MEMBERS: ReadonlySet<string> = new Set([
  ...CONTENT_MEMBERS,
  'role',
  'system',
  'tools',
  'functions',
  'function',
]);
const SPEECH_MEMBERS = ['content', 'parts', 'text', 'tool_calls', 'reasoning_content'] as const;
const LETTERS =
  /\p{L}{2,}[\s\p{P}]+\p{L}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{3}/u;
/** Four words, or a sentence in a script that sets no spaces. */
const SENTENCE =
  /(?:\p{L}+[\s\p{P}]+){3}\p{L}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{6}/u;
const MAX_DEPTH = 6;

/** The shape of a conversation, whatever its language: a role with something said, or a member that holds text. */
export const CHAT_STRUCTURE: Detector = {
  id: 'chat-structure',
  version: 2,
  class: 'chat-structure',
  test: (value) =>
    value.kind === 'object' &&
    (isTurn(value.members) || hasContentMember(value.members) || isInstructed(value.members)),
};

function isTurn(members: JsonObject): boolean {
  if (typeof members['role'] !== 'string') return false;
  return SPEECH_MEMBERS.some((member) => Object.hasOwn(members, member) && holdsAnyText(members[member], 0));
}

function hasContentMember(members: JsonObject): boolean {
  return Object.keys(members).some(
    (key) => CONTENT_MEMBERS.has(key.toLowerCase()) && holdsSpeech(members[key], 0),
  );
}

/** Instructions and tools belong to a request as much as its messages. A tool is known by its description, a system text by its length. */
function isInstructed(members: JsonObject): boolean {
  const { system, function: called } = members;
  if (typeof system === 'string' && SENTENCE.test(system.slice(0, 2000))) return true;
  return [called, members['tools'], members['functions']].some(
    (tools) => isDescribed(tools, 0) || children(tools, 0).some((tool) => isDescribed(tool, 0)),
  );
}

function isDescribed(tool: Json | undefined, depth: number): boolean {
  if (typeof tool !== 'object' || tool === null || Array.isArray(tool)) return false;
  const { description, function: inner } = tool as JsonObject;
  if (typeof description === 'string') return LETTERS.test(description.slice(0, 2000));
  return depth === 0 && isDescribed(inner, 1);
}

/** More than a word: `input: "text"` names a type, `input: "tell me"` is speech. */
function holdsSpeech(value: Json | undefined, depth: number): boolean {
  if (typeof value === 'string') return LETTERS.test(value.slice(0, 2000));
  return children(value, depth).some((child) => holdsSpeech(child, depth + 1));
}

function holdsAnyText(value: Json | undefined, depth: number): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  return children(value, depth).some((child) => holdsAnyText(child, depth + 1));
}

function children(value: Json | undefined, depth: number): readonly Json[] {
  if (depth >= MAX_DEPTH || typeof value !== 'object' || value === null) return [];
  return Object.values(value).slice(0, 1000);
}
