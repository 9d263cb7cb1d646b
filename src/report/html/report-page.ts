import type { Manifest } from '../../evidence/index.ts';
import type { Result } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import { LANGUAGE_TAG, LANGUAGES, NOT_FOR_RELIANCE } from '../labels.ts';
import type { DrawGraph } from '../network-graph.ts';
import { controlSection } from './control-section.ts';
import type { EvidenceNumbers } from './evidence-list.ts';
import { evidenceList, numberEvidence } from './evidence-list.ts';
import type { ReportIdentity } from './identity.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { pageOne } from './page-one.ts';
import { pageShell } from './page-shell.ts';
import {
  acceptedExceptions,
  envelopeBlock,
  howToRead,
  howToVerify,
  instruments,
  notAssessed,
  notClaimed,
  overview,
  suppliedByPeople,
} from './sections.ts';
import { printBoxes } from './style.ts';

/**
 * One self-contained page in both languages: no script, no request to anywhere, readable on paper.
 * The same result, manifest, identity and layout give the same bytes. Without a layout the picture of the network is
 * left out; the table beside it says the same.
 */
export async function renderReportPage(
  result: Result,
  manifest: Manifest,
  identity: ReportIdentity,
  draw?: DrawGraph,
): Promise<string> {
  const { deployment, run } = result;
  const evidence = numberEvidence(manifest);
  const boxes = printBoxes({
    footer: [`${deployment.id} | report ${run.sequence} | ${run.id}`, `SHA-256 ${identity.statementDigest}`],
    marked: result.marks.length > 0,
  });
  return pageShell({
    title: `${deployment.title.en} · ${deployment.title.zh} · ${run.id}`,
    style: boxes,
    body: html`${relianceStrip(result)}
<nav class="language" aria-label="Language · 语言">
<label><input type="radio" name="language" id="both" checked /> English + <span lang="zh-CN">中文</span></label>
<label lang="en"><input type="radio" name="language" id="only-en" /> English</label>
<label lang="zh-CN"><input type="radio" name="language" id="only-zh" /> 中文</label></nav>
<main>${LANGUAGES.map((language) => article(result, identity, { evidence, draw }, language))}
${evidenceList(evidence, deployment.timeZone)}
${envelopeBlock(identity)}</main>`,
  });
}

/** Stays in sight on screen, so that no picture of the page can leave it out; on paper it lies across each sheet. */
function relianceStrip({ marks }: Result): Markup {
  if (marks.length === 0) return html``;
  const words = html`<span lang="en">${NOT_FOR_RELIANCE.en}</span> · <span lang="zh-CN">${NOT_FOR_RELIANCE.zh}</span>`;
  return html`<p class="strip">${words}</p><p class="watermark" aria-hidden="true">${words}</p>`;
}

function article(
  result: Result,
  identity: ReportIdentity,
  { evidence, draw }: { readonly evidence: EvidenceNumbers; readonly draw: DrawGraph | undefined },
  language: Language,
): Markup {
  const setting = { evidence, timeZone: result.deployment.timeZone, draw };
  return html`<article lang="${LANGUAGE_TAG[language]}">
${pageOne(result, identity, language)}
${overview(result, language)}
${howToRead(language)}
${acceptedExceptions(result, language)}
${result.controls.map((control) => controlSection(control, setting, language))}
${notAssessed(result, language)}
${notClaimed(result, language)}
${suppliedByPeople(result, language)}
${instruments(result, language)}
${howToVerify(result, identity, language)}
</article>`;
}
