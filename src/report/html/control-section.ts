import { html } from 'hono/html';
import type { ControlResult } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import { REASON, SEVERITY } from '../labels.ts';
import type { Markup } from './parts.ts';
import { listOr, say, shareText, verdictMark, witnessTable, words } from './parts.ts';

/** Reasons and findings beyond this are counted on the page and stand in full in `result.json`. */
const MOST_SHOWN = 200;

/** One control, in the same order whether it passed or failed: a pass is not a green line, it is an argument. */
export function controlSection(control: ControlResult, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<section class="control ${control.verdict}" id="${language}-${control.id}">
    <h3>${say(control.title, language)}</h3>
    <p>${verdictMark(control.verdict, control.waived, language)} · <code>${control.id}</code> · ${w('check', '检查')} <code>${control.check}</code> ·
      ${w('severity', '严重程度')} ${say(SEVERITY[control.severity] ?? { en: control.severity, zh: control.severity }, language)}</p>
    <p><strong>${w('Claim', '主张')}:</strong> ${say(control.claim, language)}</p>
    ${basisLine(control, language)}
    <h4>${w('Examined', '检查范围')}</h4>
    ${listOr(
      control.coverage.map((line) => html`${say(line.what, language)}: ${shareText(line)}`),
      w('Nothing was examined.', '未检查任何内容。'),
    )}
    <h4>${w('Positive evidence', '正面证据')}</h4>
    ${positive(control, language)}
    <h4>${w('Findings', '发现项')} (${control.findings.length})</h4>
    ${findings(control, language)}
    ${disclosed(control, language)}
    <h4>${w('Not seen', '未能查看')} (${control.reasons.length})</h4>
    ${reasons(control, language)}
    <h4>${w('What this does not prove', '本项不证明的内容')}</h4>
    ${listOr(
      control.limitations.map((text) => html`${say(text, language)}`),
      w('Nothing beyond the general limits below.', '除下述一般限制外无其他说明。'),
    )}
    ${legalBasis(control, language)}
    ${evidenceList(control, language)}
    <p class="soft">${control.waivable ? w('Its findings may be waived, by two people.', '发现项可由两人批准例外。') : w('Its findings cannot be waived.', '发现项不可例外。')}</p>
  </section>`;
}

function basisLine({ basis }: ControlResult, language: Language): Markup {
  if (basis === null) return html``;
  const detected = words(
    language,
    `Basis: detection. Recall: ${basis.recall ?? 'not measured'}.`,
    `依据：检测。召回率：${basis.recall === undefined || basis.recall === 'not measured' ? '未测量' : basis.recall}。`,
  );
  const closed = words(
    language,
    'Basis: closed data classes that cannot hold content.',
    '依据：不可能含有内容的封闭数据类别。',
  );
  return html`<p>${basis.kind === 'detected' ? detected : closed}</p>`;
}

function positive({ positive: evidence, verdict }: ControlResult, language: Language): Markup {
  if (evidence.length === 0) {
    return html`<p class="soft">${verdict === 'pass' ? words(language, 'None recorded.', '无记录。') : words(language, 'None that would carry a pass.', '无足以支持通过的证据。')}</p>`;
  }
  return html`${evidence.map(({ text, witness }) => html`<p>${say(text, language)}</p>${witnessTable(witness)}`)}`;
}

function findings({ findings: found }: ControlResult, language: Language): Markup {
  if (found.length === 0) return html`<p class="soft">${words(language, 'None.', '无。')}</p>`;
  return html`${found.slice(0, MOST_SHOWN).map(
    ({
      id,
      class: kind,
      resource,
      text,
      witness,
      waived,
    }) => html`<div class="finding"><p><strong>${say(text, language)}</strong>
      ${waived ? html` (${words(language, 'exception accepted', '已批准例外')})` : ''}</p>
      <p class="soft"><code>${kind}</code> · <code>${resource}</code> · ${words(language, 'finding', '编号')} <code>${id}</code></p>${witnessTable(witness)}</div>`,
  )}${more(found.length, language)}`;
}

function disclosed({ disclosed: told }: ControlResult, language: Language): Markup {
  if (told.length === 0) return html``;
  return html`<h4>${words(language, 'Disclosed by the policy, not judged', '按策略披露，未予评判')} (${told.length})</h4>
    ${told.slice(0, MOST_SHOWN).map(({ text, witness }) => html`<p>${say(text, language)}</p>${witnessTable(witness)}`)}${more(told.length, language)}`;
}

function reasons({ reasons: unseen }: ControlResult, language: Language): Markup {
  if (unseen.length === 0)
    return html`<p class="soft">${words(language, 'Everything that the check needs was seen.', '检查所需内容均已查看。')}</p>`;
  return html`<table><thead><tr><th>${words(language, 'Reason', '原因')}</th><th>${words(language, 'Where', '位置')}</th><th>${words(language, 'Detail', '说明')}</th></tr></thead>
    <tbody>${unseen
      .slice(0, MOST_SHOWN)
      .map(
        ({ code, scope, detail }) =>
          html`<tr><td>${say(REASON[code], language)} <code>${code}</code></td><td><code>${scope}</code></td><td>${detail}</td></tr>`,
      )}</tbody></table>${more(unseen.length, language)}`;
}

function more(count: number, language: Language): Markup {
  if (count <= MOST_SHOWN) return html``;
  return html`<p>${words(language, `${count - MOST_SHOWN} more stand in result.json.`, `其余${count - MOST_SHOWN}项见 result.json。`)}</p>`;
}

function legalBasis({ legal }: ControlResult, language: Language): Markup {
  if (legal.length === 0) return html``;
  return html`<h4>${words(language, 'Legal basis', '法律依据')}</h4><ul>${legal.map(
    ({ edition, article, title, text }) =>
      html`<li>${say(title, language)} (${edition}), ${words(language, `Art. ${article}`, `第${article}条`)}: ${say(text, language)}</li>`,
  )}</ul>`;
}

function evidenceList({ evidence }: ControlResult, language: Language): Markup {
  if (evidence.length === 0) return html``;
  return html`<details><summary>${words(language, `Evidence items (${evidence.length}) with SHA-256`, `证据项（${evidence.length}）及 SHA-256`)}</summary>
    <table><tbody>${evidence.slice(0, MOST_SHOWN).map(({ id, sha256 }) => html`<tr><td><code>${id}</code></td><td><code>${sha256}</code></td></tr>`)}</tbody></table>${more(evidence.length, language)}</details>`;
}
