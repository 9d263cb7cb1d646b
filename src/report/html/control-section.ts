import type { ControlResult } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import { REASON, SEVERITY } from '../labels.ts';
import type { DrawGraph } from '../network-graph.ts';
import type { EvidenceNumbers } from './evidence-list.ts';
import { evidenceOf } from './evidence-list.ts';
import { seenByClass } from './findings.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { networkPicture } from './network-picture.ts';
import {
  count,
  detectionQuality,
  inBrackets,
  listOr,
  more,
  say,
  shareText,
  table,
  verdictMark,
  witnessTable,
  words,
} from './parts.ts';

/** What a control's argument is read beside. */
export interface ControlSetting {
  readonly evidence: EvidenceNumbers;
  readonly timeZone: string;
  /** Draws the picture of a network; absent where nothing can draw. */
  readonly draw: DrawGraph | undefined;
}

/** One control, in the same order whether it passed or failed: a pass is not a green line, it is an argument. */
export function controlSection(control: ControlResult, setting: ControlSetting, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const severity = SEVERITY[control.severity] ?? { en: control.severity, zh: control.severity };
  return html`<section class="control ${control.verdict}" id="${language}-${control.id}">
    <h3>${say(control.title, language)}</h3>
    <p>${verdictMark(control.verdict, control.waived, language)} · <code>${control.id}</code> · ${w('check', '检查')}${w(' ', '：')}<code>${control.check}</code> ·
      ${w('severity', '严重程度')}${w(' ', '：')}${say(severity, language)}</p>
    <p><strong>${w('Claim', '主张')}${w(':', '：')}</strong> ${say(control.claim, language)}</p>
    ${basisLine(control, language)}
    <h4>${w('Examined', '检查范围')}</h4>
    ${listOr(
      control.coverage.map(
        (line) => html`${say(line.what, language)}${w(': ', '：')}${shareText(line, language)}`,
      ),
      w('Nothing was examined.', '未检查任何内容。'),
    )}
    <h4>${w('Positive evidence', '支持性证据')}</h4>
    ${positive(control, language)}
    ${evidenceOf(control, setting.evidence, language, setting.timeZone)}
    ${selfTest(control, language)}
    <h4>${w('Findings', '发现项')}${inBrackets(control.findings.length, language)}</h4>
    ${control.findings.length === 0 ? html`<p class="soft">${w('None.', '无。')}</p>` : seenByClass(control.findings, language)}
    ${disclosed(control, language)}
    ${networkPicture(control, setting.draw, language)}
    <h4>${w('Not seen', '未能查看')}${inBrackets(control.reasons.length, language)}</h4>
    ${gaps(control, language)}
    <h4>${w('What this does not prove', '本项不证明的内容')}</h4>
    ${listOr(
      control.limitations.map((text) => html`${say(text, language)}`),
      w('Nothing beyond the general limits below.', '除下述一般限制外无其他说明。'),
    )}
    ${legalBasis(control, language)}
    <h4>${w('Exceptions', '例外')}</h4>
    <p>${
      control.waivable
        ? w(
            'Its findings may be accepted for at most 90 days, by a requester and an approver who are two people. What was not seen cannot be accepted.',
            '发现项可由申请人与批准人（须为不同的两人）批准例外，最长90天；未能查看的内容不可例外。',
          )
        : w('Nobody may accept its findings.', '任何人均不得对其发现项批准例外。')
    }</p>
  </section>`;
}

/** What kind of looking the verdict rests on. Only a pass may say that nothing was found. */
function basisLine({ basis, verdict }: ControlResult, language: Language): Markup {
  if (basis === null) return html``;
  const w = (en: string, zh: string): string => words(language, en, zh);
  if (basis.kind === 'closed') {
    return html`<p>${w('Basis: closed data classes that cannot hold content.', '依据：不可能含有内容的封闭数据类别。')}</p>`;
  }
  const quality = detectionQuality(basis, language);
  return html`<p>${
    verdict === 'pass'
      ? w(`Basis: none found, by detection (${quality}).`, `依据：检测未发现（${quality}）。`)
      : w(`Method: detection (${quality}).`, `方法：检测（${quality}）。`)
  }</p>`;
}

function positive({ positive: evidence, verdict }: ControlResult, language: Language): Markup {
  if (evidence.length === 0) {
    return html`<p class="soft">${verdict === 'pass' ? words(language, 'No statement beside what was examined.', '除检查范围外无其他陈述。') : words(language, 'None that would carry a pass.', '无足以支持符合结论的证据。')}</p>`;
  }
  return html`${evidence.map(({ text, witness }) => html`<p>${say(text, language)}</p>${witnessTable(witness, language)}`)}`;
}

/** The known-bad inputs of this run: a check that would not have seen them proves nothing. */
function selfTest({ canaries }: ControlResult, language: Language): Markup {
  if (canaries.length === 0) return html``;
  const caught = canaries.filter((canary) => canary.caught).length;
  return html`<p>${words(
    language,
    `Self-test of this run: ${caught} of ${canaries.length} known-bad inputs were caught.`,
    `本次运行自检：已知违规样例${canaries.length}个，识别${caught}个。`,
  )}</p>`;
}

function disclosed({ disclosed: told }: ControlResult, language: Language): Markup {
  if (told.length === 0) return html``;
  return html`<h4>${words(language, 'Disclosed by the policy, not judged', '按策略披露，未予评判')}${inBrackets(told.length, language)}</h4>
    ${seenByClass(told, language)}`;
}

/** Gaps of one code beyond this are counted on the page and stand in full in `result.json`. */
const MOST_OF_A_CODE = 25;

function gaps({ reasons }: ControlResult, language: Language): Markup {
  if (reasons.length === 0)
    return html`<p class="soft">${words(language, 'Everything that the check needs was seen.', '检查所需内容均已查看。')}</p>`;
  const codes = [...Map.groupBy(reasons, ({ code }) => code)];
  return html`${codes.map(
    ([
      code,
      own,
    ]) => html`<p>${say(REASON[code], language)} <code>${code}</code>${words(language, ': ', '：')}${count(own.length)}</p>
    ${table(
      [words(language, 'Where', '位置'), words(language, 'As recorded', '原始记录（英文）')],
      own
        .slice(0, MOST_OF_A_CODE)
        .map(({ scope, detail }) => [html`<code>${scope}</code>`, html`<span lang="en">${detail}</span>`]),
    )}${more(own.length - MOST_OF_A_CODE, language)}`,
  )}`;
}

function legalBasis({ legal }: ControlResult, language: Language): Markup {
  if (legal.length === 0) return html``;
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<h4>${w('Legal basis that it relates to', '相关法律依据')}</h4><ul>${legal.map(
    ({ edition, article, formerly, title, text }) =>
      html`<li>${say(title, language)}${w(` (${edition}), `, `（${edition}），`)}${articleName(article, language)}${
        formerly === undefined
          ? ''
          : w(` (formerly ${articleName(formerly, 'en')})`, `（原${articleName(formerly, 'zh')}）`)
      }${w(': ', '：')}${say(text, language)}</li>`,
  )}</ul>`;
}

/** A number is an article; anything else names itself, as `s.26` of a statute that has sections. */
function articleName(article: string, language: Language): string {
  const section = /^s\.(.+)$/.exec(article);
  if (section !== null) return words(language, `s. ${section[1] ?? ''}`, `第${section[1] ?? ''}节`);
  return words(language, `Art. ${article}`, `第${article}条`);
}
