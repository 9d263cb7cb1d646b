import type { TextShape } from '../text-shape.ts';

/** The marks that models' own templates put around turns. */
const TEMPLATE =
  /<\|(?:im_start|im_end|user|assistant|system|start_header_id|begin_of_text|eot_id|endoftext|end|channel)\|>|\[\/?INST\]|<<SYS>>|<(?:start|end)_of_turn>|<｜(?:User|Assistant|begin▁of▁sentence)｜>|<\/?think>/;
/** A turn that is written as JSON, Python or YAML in a text: the role, and not far from it what was said. */
const WRITTEN_TURN =
  /["']?\b(?:role|from|sender|author)\b["']?\s{0,3}[:=]\s{0,3}["']?(?:user|assistant|system|developer|tool|human|model|ai)\b["']?[\s,;}\])]{1,10}(?:[^\n]{0,80}[\s,;{])?["']?(?:content|text|parts|value|message)["']?\s{0,3}[:=]\s{0,3}[[{"'\s]{0,8}[\p{L}\p{N}]/u;
const SPEAKER =
  /(?:^|\n)[ \t>*#]{0,6}(human|user|assistant|ai|system|bot|customer|agent|q|a|问|答|用户|助手)\*{0,2}[ \t]?[:：]\*{0,2}\s{0,3}\p{L}?/giu;
const SPEAKERS: ReadonlySet<string> = new Set([
  'human',
  'user',
  'assistant',
  'ai',
  'bot',
  'customer',
  'q',
  'a',
  '问',
  '答',
  '用户',
  '助手',
]);
const SHORTEST = 8;
const MAX_TEXT = 100_000;

/** Whether a text that is no JSON holds the turns of a conversation. */
export function hasTurns(text: string, shape: TextShape): boolean {
  if (text.length < SHORTEST || (shape.joints === 0 && shape.nonAscii === 0 && !text.includes('[')))
    return false;
  const looked = text.slice(0, MAX_TEXT);
  return TEMPLATE.test(looked) || WRITTEN_TURN.test(looked) || hasSpeakers(looked);
}

/** Two sides of a conversation, each with a line of its own. */
function hasSpeakers(text: string): boolean {
  if (!text.includes('\n')) return false;
  const met = new Set<string>();
  for (const [, speaker] of text.matchAll(SPEAKER)) {
    const name = (speaker ?? '').toLowerCase();
    if (SPEAKERS.has(name)) met.add(name);
  }
  return met.size >= 2;
}
