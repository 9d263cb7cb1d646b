import { digestOf } from '../../core/index.ts';
import type { EvidenceDraft, EvidenceKey } from '../../evidence/index.ts';
import { MORE_PAGES } from '../answer.ts';

/** One answer of a folder with the tokens that join it to other pages. */
export interface FoundAnswer {
  readonly draft: Omit<EvidenceDraft, 'key'>;
  /** The token that its command asked with: there was something before it. */
  readonly from?: string;
  /** The token that it ends with: there is something after it. */
  readonly next?: string;
}

/** The answers of a folder by what was asked. */
export interface AnswerBook {
  readonly add: (key: EvidenceKey, answer: FoundAnswer) => void;
  /** Every answer as a part of its call, pages joined. */
  readonly drafts: () => readonly EvidenceDraft[];
}

/**
 * Collects answers. Several answers to one question are parts of it, pages or two exports; the same answer exported
 * twice is one, read when it was last read.
 */
export function createAnswerBook(): AnswerBook {
  const questions = new Map<
    string,
    { readonly key: EvidenceKey; readonly parts: Map<string, FoundAnswer> }
  >();
  return {
    add: (key, answer) => {
      const name = digestOf(key);
      const question = questions.get(name) ?? { key, parts: new Map<string, FoundAnswer>() };
      questions.set(name, question);
      const { from, next, draft } = answer;
      const content = digestOf({
        from,
        next,
        status: draft.status,
        reason: draft.reason,
        body: draft.body ?? null,
      });
      const same = question.parts.get(content);
      if (same === undefined || isLater(draft.time, same.draft.time)) question.parts.set(content, answer);
    },
    drafts: () =>
      [...questions.values()].flatMap(({ key, parts }) =>
        joinPages([...parts.values()]).map((draft, part) => ({ ...draft, key: { ...key, part } })),
      ),
  };
}

function isLater(time: string | null, than: string | null): boolean {
  return time !== null && (than === null || time > than);
}

/** Pages whose neighbours are all there are whole; a first page without its next, or a next without its first, is not. */
export function joinPages(pages: readonly FoundAnswer[]): readonly FoundAnswer['draft'][] {
  const asked = new Set(pages.map(({ from }) => from));
  const given = new Set(pages.map(({ next }) => next));
  return pages.map(({ draft, from, next }) => {
    if (draft.status !== 'complete' && draft.reason !== MORE_PAGES) return draft;
    if (from !== undefined && !given.has(from))
      return { ...draft, status: 'partial', reason: 'earlier pages are missing' };
    const whole = draft.reason === MORE_PAGES && next !== undefined && asked.has(next);
    return whole ? { ...draft, status: 'complete', reason: '' } : draft;
  });
}
