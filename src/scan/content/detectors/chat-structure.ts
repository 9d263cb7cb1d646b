import type { Json, JsonObject } from '../../../core/index.ts';
import { isJsonObject } from '../../../core/index.ts';
import type { Detector } from '../detector.ts';
import { hasTurns } from './chat-text.ts';

/** Members that hold what was said, in the request and answer shapes of model APIs and of stores behind them. */
const CONTENT_MEMBERS: ReadonlySet<string> = new Set(
  `messages choices candidates generations prompt prompts input inputs completion instructions system_prompt systemprompt
  system_instruction systeminstruction contents query documents output_text outputtext response_text responsetext
  reasoning_content thinking transcript negative_prompt user_prompt userprompt user_input userinput user_message usermessage
  user_query question answer reply preamble chat_history chathistory conversation conversations dialogue generated_text
  generatedtext input_text inputtext utterance page_content pagecontent _node_content original_text source_text chunk_text
  document_text passage snippet`.split(/\s+/),
);
/** Those of them that hold nothing else, so that one word is enough. */
const SPEECH_ONLY: ReadonlySet<string> = new Set(
  'inputtext outputtext input_text output_text user_input userinput user_message usermessage utterance generated_text'.split(
    ' ',
  ),
);
const ROLE_MEMBERS: readonly string[] = [
  'role',
  'author',
  'from',
  'speaker',
  'sender',
  'sender_type',
  'sendertype',
  'turn',
  'type',
];
const ROLES: ReadonlySet<string> = new Set(
  `user assistant system developer tool function model human ai bot chatbot gpt chatgpt agent humanmessage aimessage
  systemmessage toolmessage 用户 助手 系统`.split(/\s+/),
);
const TURN_MEMBERS: readonly string[] =
  'content contents parts text value message msg body utterance data kwargs delta blocks tool_calls toolcalls reasoning_content'.split(
    ' ',
  );
/** Under a `role` of any name. */
const ANY_ROLE_MEMBERS: readonly string[] = ['content', 'parts', 'text', 'tool_calls', 'reasoning_content'];
const OFFICES = /admin|viewer|member|owner|editor|internal|reader|writer/i;
const PART_TYPES: ReadonlySet<string> = new Set(
  'text input_text output_text summary_text thinking reasoning refusal tool_result text_delta'.split(' '),
);
const PART_MEMBERS: readonly string[] = ['text', 'content', 'thinking', 'summary', 'refusal'];
const CALL_MEMBERS: readonly string[] = ['arguments', 'args'];

/** Members, in lower case, of which an object must have one to be a conversation. */
export const CHAT_MEMBERS: ReadonlySet<string> = new Set([
  ...CONTENT_MEMBERS,
  ...ROLE_MEMBERS,
  ...CALL_MEMBERS,
  'system',
  'tools',
  'functions',
  'function',
  'kwargs',
]);

const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Khmer}\\p{Script=Lao}\\p{Script=Myanmar}';
const LETTERS = new RegExp(`\\p{L}{2,}\\p{M}*[\\s\\p{P}]+\\p{L}|[${UNSPACED}]{3}`, 'u');
/** Four words, or a sentence in a script that sets no spaces. */
const SENTENCE = new RegExp(`(?:[\\p{L}\\p{M}]+[\\s\\p{P}]+){3}\\p{L}|[${UNSPACED}]{6}`, 'u');
const MAX_DEPTH = 6;

/** The shape of a conversation, whatever its language: a role with something said, or a member that holds text. */
export const CHAT_STRUCTURE: Detector = {
  id: 'chat-structure',
  version: 3,
  class: 'chat-structure',
  test: (value) => {
    if (value.kind === 'text') return hasTurns(value.text, value.shape);
    const members = lowerCased(value.members);
    return (
      members !== undefined &&
      (isTurn(members) ||
        isPart(members) ||
        isCall(members) ||
        hasContentMember(members) ||
        isInstructed(members))
    );
  },
};

type Members = ReadonlyMap<string, Json | undefined>;

/** Members by their names in lower case, since some APIs write `Role`; nothing where none of them is of a conversation. */
function lowerCased(members: JsonObject): Members | undefined {
  const keys = Object.keys(members);
  if (!keys.some((key) => CHAT_MEMBERS.has(key.toLowerCase()))) return undefined;
  return new Map(keys.map((key) => [key.toLowerCase(), members[key]]));
}

function isTurn(members: Members): boolean {
  if (members.has('kwargs') && holdsAnyText(memberOf(members.get('kwargs'), 'content'), 0)) return true;
  const role = members.get('role');
  if (typeof role === 'string' && !OFFICES.test(role) && holdsOneOf(members, ANY_ROLE_MEMBERS)) return true;
  return ROLE_MEMBERS.some((name) => isRole(members.get(name))) && holdsOneOf(members, TURN_MEMBERS);
}

function isRole(value: Json | undefined): boolean {
  const role = typeof value === 'string' ? value : memberOf(value, 'role');
  return typeof role === 'string' && ROLES.has(role.toLowerCase());
}

/** One block of what was said: `{type: 'text', text: 'hello'}`. */
function isPart(members: Members): boolean {
  const type = members.get('type');
  return typeof type === 'string' && PART_TYPES.has(type) && holdsOneOf(members, PART_MEMBERS);
}

/** A tool called with arguments: these are the model's words. */
function isCall(members: Members): boolean {
  if (members.get('type') === 'tool_use') return holdsAnyText(members.get('input'), 0);
  if (!members.has('name')) return false;
  return CALL_MEMBERS.some((name) => {
    const given = members.get(name);
    return !Array.isArray(given) && holdsAnyText(given, 0) && given !== '{}';
  });
}

function hasContentMember(members: Members): boolean {
  return [...members].some(
    ([key, member]) =>
      CONTENT_MEMBERS.has(key) && (SPEECH_ONLY.has(key) ? holdsWord(member, 0) : holdsSpeech(member, 0)),
  );
}

/** Instructions and tools belong to a request as much as its messages. A tool is known by its description, a system text by its length. */
function isInstructed(members: Members): boolean {
  const system = members.get('system');
  if (typeof system === 'string' && SENTENCE.test(system.slice(0, 2000))) return true;
  return ['function', 'tools', 'functions'].some((name) => {
    const tools = members.get(name);
    return isDescribed(tools, 0) || children(tools, 0).some((tool) => isDescribed(tool, 0));
  });
}

function isDescribed(tool: Json | undefined, depth: number): boolean {
  if (!isJsonObject(tool)) return false;
  const { description, function: inner } = tool;
  if (typeof description === 'string') return LETTERS.test(description.slice(0, 2000));
  return depth === 0 && isDescribed(inner, 1);
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function holdsOneOf(members: Members, names: readonly string[]): boolean {
  return names.some((name) => holdsAnyText(members.get(name), 0));
}

/** More than a word: `input: "text"` names a type, `input: "tell me"` is speech. */
function holdsSpeech(value: Json | undefined, depth: number): boolean {
  if (typeof value === 'string') return LETTERS.test(value.slice(0, 2000));
  return children(value, depth).some((child) => holdsSpeech(child, depth + 1));
}

function holdsWord(value: Json | undefined, depth: number): boolean {
  if (typeof value === 'string') return /\p{L}{2}/u.test(value.slice(0, 2000));
  return children(value, depth).some((child) => holdsWord(child, depth + 1));
}

function holdsAnyText(value: Json | undefined, depth: number): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  return children(value, depth).some((child) => holdsAnyText(child, depth + 1));
}

function children(value: Json | undefined, depth: number): readonly Json[] {
  if (depth >= MAX_DEPTH || typeof value !== 'object' || value === null) return [];
  return Object.values(value).slice(0, 1000);
}
