import type { Fault, LocatedDocument } from '../core/index.ts';
import { assertNoFaults } from '../core/index.ts';
import type { Law, LegalArticle, LegalTextsFile } from './generated/legal-texts.ts';
import type { LegalBasis } from './generated/policy.ts';
import type { BilingualText, ControlResult } from './result.ts';

/** One article as a report shows it. */
export type LegalReference = ControlResult['legal'][number];

/** The legal texts of one version of `policies/legal-texts.yaml`. */
export interface LegalTexts {
  readonly edition: string;
  readonly sha256: string;
  /** What counsel has said of the paraphrases: a report must show it. */
  readonly review: BilingualText;
  readonly laws: readonly Law[];
}

/** Article found, or why not, and what may have been meant. */
export type LegalLookup =
  | { readonly kind: 'found'; readonly reference: LegalReference }
  | { readonly kind: 'unknown'; readonly expected: string; readonly hint?: string };

/**
 * The legal texts of a located `legal-texts.yaml`.
 *
 * @throws DomicileError `BAD_INPUT` with every fault, also a law's edition or an article that is there twice.
 */
export function parseLegalTexts(document: LocatedDocument): LegalTexts {
  // A document without schema faults has the shape of its schema, from which the type is generated.
  const file = document.value as unknown as LegalTextsFile;
  assertNoFaults(document.faults.length > 0 ? document.faults : repeatedEntries(document, file));
  return { edition: file.edition, sha256: document.sha256, review: file.review.note, laws: file.laws };
}

/**
 * Looks up what a policy's `basis` names. Without an edition, the law must have only one here, or the
 * newest one in force is meant.
 */
export function findArticle(texts: LegalTexts, basis: LegalBasis): LegalLookup {
  const editions = texts.laws.filter(({ law }) => law === basis.law);
  if (editions.length === 0) {
    return { kind: 'unknown', expected: `one of the laws ${listed(texts.laws.map(({ law }) => law))}` };
  }
  const law = editionOf(editions, basis.edition);
  if (law === undefined) {
    return {
      kind: 'unknown',
      expected: `one of the editions ${listed(editions.map(({ edition }) => edition))}`,
    };
  }
  const article = law.articles.find((candidate) => candidate.article === basis.article);
  if (article === undefined) return unknownArticle(law, basis.article);
  return { kind: 'found', reference: referenceOf(law, article) };
}

function editionOf(editions: readonly Law[], wanted: string | undefined): Law | undefined {
  if (wanted !== undefined) return editions.find(({ edition }) => edition === wanted);
  return [...editions].sort((left, right) => ((left.inForce ?? '') < (right.inForce ?? '') ? 1 : -1))[0];
}

function unknownArticle(law: Law, article: string): LegalLookup {
  const expected = `one of the articles ${listed(law.articles.map((known) => known.article))} of ${law.law} ${law.edition}`;
  const renumbered = law.articles.find(({ formerly }) => formerly === article);
  if (renumbered === undefined) return { kind: 'unknown', expected };
  const hint = `what was article ${article} in an earlier edition is article ${renumbered.article} in edition ${law.edition}`;
  return { kind: 'unknown', expected, hint };
}

function referenceOf(law: Law, article: LegalArticle): LegalReference {
  const title = {
    en: `${law.name.en}: ${article.title.en}`,
    zh: `${law.name.zh}：${article.title.zh}`,
  };
  const reference = {
    law: law.law,
    edition: law.edition,
    article: article.article,
    title,
    text: article.text,
  };
  return article.formerly === undefined ? reference : { ...reference, formerly: article.formerly };
}

function repeatedEntries(document: LocatedDocument, file: LegalTextsFile): readonly Fault[] {
  const faults: Fault[] = [];
  const editions = new Set<string>();
  for (const [index, law] of file.laws.entries()) {
    const edition = `${law.law} ${law.edition}`;
    if (editions.has(edition)) {
      faults.push({
        message: `expected each edition of a law once, found ${edition} again`,
        at: document.at(['laws', index, 'edition']),
      });
    }
    editions.add(edition);
    const articles = new Set<string>();
    for (const [place, { article }] of law.articles.entries()) {
      if (articles.has(article)) {
        faults.push({
          message: `expected each article of ${edition} once, found ${article} again`,
          at: document.at(['laws', index, 'articles', place, 'article']),
        });
      }
      articles.add(article);
    }
  }
  return faults;
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}
