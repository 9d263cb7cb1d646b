import { html, raw } from 'hono/html';
import type { Result } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import { LANGUAGE_TAG, LANGUAGES } from '../labels.ts';
import { controlSection } from './control-section.ts';
import type { ReportIdentity } from './identity.ts';
import { pageOne } from './page-one.ts';
import type { Markup } from './parts.ts';
import {
  envelopeBlock,
  howToVerify,
  instruments,
  notAssessed,
  notClaimed,
  overview,
  suppliedByPeople,
} from './sections.ts';
import { printBoxes, STYLE } from './style.ts';

/**
 * One self-contained page in both languages: no script, no request to anywhere, readable on paper.
 * The same result and identity give the same bytes.
 */
export async function renderReportPage(result: Result, identity: ReportIdentity): Promise<string> {
  const left = `${result.deployment.id} | ${result.run.id} | ${identity.statementDigest.slice(0, 16)}`;
  const notice = result.marks.length > 0 ? 'Not for reliance' : '';
  const page = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
<title>Residency attestation ${result.deployment.id} ${result.run.sequence}</title>
<style>${raw(STYLE)} ${raw(printBoxes(left, notice))}</style></head>
<body><nav class="language" aria-label="Language 语言">
<label><input type="radio" name="language" id="both" checked /> English + 中文</label>
<label lang="en"><input type="radio" name="language" id="only-en" /> English</label>
<label lang="zh-CN"><input type="radio" name="language" id="only-zh" /> 中文</label></nav>
<main>${LANGUAGES.map((language) => article(result, identity, language))}${envelopeBlock(identity)}</main></body></html>
`;
  return page.toString();
}

function article(result: Result, identity: ReportIdentity, language: Language): Markup {
  return html`<article lang="${LANGUAGE_TAG[language]}">
${pageOne(result, identity, language)}
${overview(result, language)}
${result.controls.map((control) => controlSection(control, language))}
${notAssessed(result, language)}
${notClaimed(result, language)}
${suppliedByPeople(result, language)}
${instruments(result, language)}
${howToVerify(result, identity, language)}
</article>`;
}
