import type { ContentClass, PathContent, ReducerCanary, ViolationClass } from '../../evidence/index.ts';
import type { ScannedColumn } from './column-examiner.ts';
import { createTableReducer } from './table-reducer.ts';

interface Canary {
  readonly id: string;
  readonly column: ScannedColumn;
  /** As COPY writes it. */
  readonly field: string;
  readonly path: string;
  readonly says: ContentClass | ViolationClass;
}

const OPERATIONAL_TEXT = { class: 'operational-text', maxLength: 2000 } as const;
const TURN = { messages: [{ role: 'user', content: 'hello' }] };
const PROMPT = 'Please write a short poem about my garden for my mother';

/** Known-bad rows: one for each way in which content is met. Invented, so that they may stand in the source. */
const CANARIES: readonly Canary[] = [
  canary('echoed-prompt', 'text', OPERATIONAL_TEXT, `Invalid request: messages: ${PROMPT}`, '', 'prose'),
  canary(
    'chinese-answer',
    'text',
    undefined,
    '您好，我们建议您在签署合同之前先咨询专业律师。',
    '',
    'cjk-prose',
  ),
  canary(
    'escaped-json',
    'jsonb',
    { class: 'json', keys: {} },
    asCopied(JSON.stringify({ log: JSON.stringify(TURN) })),
    '.*',
    'chat-structure',
  ),
  canary('undeclared-key', 'jsonb', { class: 'json', keys: {} }, '{"shadow": 1}', '.*', 'undeclared-key'),
  canary('class', 'text', { class: 'model-name' }, 'no model name', '', 'not-in-class'),
  canary('bytes', 'bytea', undefined, `\\\\x${Buffer.from(PROMPT).toString('hex')}`, '', 'prose'),
  canary('base64', 'text', undefined, Buffer.from(PROMPT).toString('base64'), '', 'prose'),
  // Put together here, so that no scanner of sources takes it for a real key.
  canary('plain-key', 'text', { class: 'ciphertext', scheme: 'envelope' }, plainKey(), '', 'secret-key'),
  canary(
    'no-ciphertext',
    'text',
    { class: 'ciphertext', scheme: 'envelope' },
    plainKey(),
    '',
    'not-ciphertext',
  ),
];

function canary(
  id: string,
  type: string,
  holds: ScannedColumn['holds'],
  field: string,
  path: string,
  says: Canary['says'],
): Canary {
  return { id: `reducer-${id}`, column: { name: id, type, holds }, field, path, says };
}

/** COPY doubles every backslash. */
function asCopied(text: string): string {
  return text.replaceAll('\\', '\\\\');
}

function plainKey(): string {
  return ['sk', 'canary', 'Ab9xQ2mT'.repeat(4)].join('-');
}

/** Feeds known-bad rows through the reducer as it is in this run. */
export function contentCanaries(): readonly ReducerCanary[] {
  const columns = CANARIES.map(({ column }) => column);
  const reducer = createTableReducer({
    schema: 'canary',
    table: 'canary',
    located: true,
    columns,
    unread: [],
  });
  reducer.push(new TextEncoder().encode(`(0,1)\t${CANARIES.map(({ field }) => field).join('\t')}\n`));
  const { paths } = reducer.finish('complete', '');
  return CANARIES.map((known) => ({ id: known.id, caught: paths.some((place) => tells(place, known)) }));
}

function tells(place: PathContent, { column, path, says }: Canary): boolean {
  const said = [...place.violations, ...place.detections].map((counted): string => counted.class);
  return place.column === column.name && place.path === path && said.includes(says);
}
