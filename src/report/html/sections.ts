import type { Result } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import { VERDICT_MEANING } from '../labels.ts';
import { DATA_SET } from '../labels-evidence.ts';
import type { ReportIdentity } from './identity.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { count, inBrackets, listOr, say, shareText, table, verdictMark, words } from './parts.ts';

/** Every control in one table, before the arguments. */
export function overview({ controls }: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const heads = [
    w('Control', '控制项'),
    w('Verdict', '结论'),
    w('Examined', '检查范围'),
    w('Findings', '发现项'),
    w('Not seen', '未能查看'),
  ];
  return html`<h2>${w('Controls', '控制项')}</h2>${table(
    heads,
    controls.map((control) => [
      html`<a href="#${language}-${control.id}">${say(control.title, language)}</a><br /><code>${control.id}</code>`,
      verdictMark(control.verdict, control.waived, language),
      html`${control.coverage.map((line) => html`<span class="line">${say(line.what, language)}${w(': ', '：')}${shareText(line, language)}</span>`)}`,
      html`${count(control.findings.length)}`,
      html`${count(control.reasons.length)}`,
    ]),
    'overview',
  )}`;
}

/** What the four words mean, beside the table that uses them. */
export function howToRead(language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<h2>${w('How to read the verdicts', '结论的含义')}</h2><ul>${(
    ['pass', 'fail', 'inconclusive', 'not-applicable'] as const
  ).map(
    (verdict) =>
      html`<li>${verdictMark(verdict, false, language)}${w(': ', '：')}${say(VERDICT_MEANING[verdict], language)}</li>`,
  )}</ul>`;
}

/** Findings that two people accepted for a while; the controls stay not passed. */
export function acceptedExceptions({ waivers }: Result, language: Language): Markup {
  if (waivers.length === 0) return html``;
  const w = (en: string, zh: string): string => words(language, en, zh);
  const heads = [
    w('Exception', '例外'),
    w('Control and finding', '控制项与发现项'),
    w('Requested by', '申请人'),
    w('Approved by', '批准人'),
    w('Until', '有效期至'),
    w('Reason as given', '理由（原文）'),
  ];
  return html`<h2>${w('Accepted exceptions', '已批准例外')}</h2>${table(
    heads,
    waivers.map(({ id, control, finding, requestedBy, approvedBy, expires, renewals, reason }) => [
      html`<code>${id}</code>`,
      html`<code>${control}</code><br /><code class="digest">${finding}</code>`,
      html`${requestedBy}`,
      html`${approvedBy}`,
      html`${expires}${renewals === 0 ? '' : w(`, renewed ${renewals} times`, `，已续期${renewals}次`)}`,
      html`${reason}`,
    ]),
  )}`;
}

/** What the product promises and no policy of this report looks at. */
export function notAssessed(result: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<h2>${w('Not assessed', '未评估')}${inBrackets(result.notAssessed.length, language)}</h2><p>${w(
    'The product makes these promises too. This report says nothing about them.',
    '产品另有下列承诺，本报告对其不作任何说明。',
  )}</p>
    ${listOr(
      result.notAssessed.map(({ check, claim }) => html`${say(claim, language)} <code>${check}</code>`),
      w('None.', '无。'),
    )}`;
}

/** What nobody may read into the report. */
export function notClaimed(result: Result, language: Language): Markup {
  return html`<h2>${words(language, 'What is not claimed', '本报告不主张的内容')}</h2>
    ${listOr(
      result.limitations.map((text) => html`${say(text, language)}`),
      '',
    )}`;
}

/** Who handed over what, instead of the tool reading it. */
export function suppliedByPeople(result: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<h2>${w('Supplied by people', '人工提供')}</h2>${
    result.suppliedByPeople.length === 0
      ? html`<p class="soft">${w('Nothing.', '无。')}</p>`
      : table(
          [w('What', '内容'), w('By', '提供方'), w('Last confirmed', '最近确认')],
          result.suppliedByPeople.map(({ what, by, time }) => [
            html`${say(what, language)}`,
            html`${by}`,
            html`${time ?? w('not told', '未注明')}`,
          ]),
        )
  }`;
}

/** Policies and data sets by digest: what the verdicts were reached with. */
export function instruments(result: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const digest = (sha256: string): Markup => html`<code class="digest">${sha256}</code>`;
  return html`<h2>${w('Policies and data', '策略与数据')}</h2>${table(
    [w('Name', '名称'), w('Edition', '版本'), 'SHA-256'],
    [
      ...result.policies.map(({ id, version, sha256, title }) => [
        html`${say(title, language)} <code>${id}</code>`,
        html`${version}`,
        digest(sha256),
      ]),
      ...result.dataSets.map(({ id, title, edition, sha256, notice }) => [
        html`${dataSetTitle(id, title, language)} <code>${id}</code>${notice === undefined ? '' : html`<br /><span class="soft" lang="en">${notice}</span>`}`,
        html`<code>${edition}</code>`,
        digest(sha256),
      ]),
    ],
  )}`;
}

function dataSetTitle(id: string, title: string | undefined, language: Language): Markup {
  const known = Object.hasOwn(DATA_SET, id) ? DATA_SET[id] : undefined;
  return known === undefined ? html`<span lang="en">${title ?? id}</span>` : html`${say(known, language)}`;
}

/** How to check the report without trusting it or its maker. */
export function howToVerify(result: Result, identity: ReportIdentity, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<h2>${w('How to verify', '如何核验')}</h2><ol>
    <li>${w(
      'Get the public key from the operator by another way than this report, and compare its fingerprint:',
      '通过本报告以外的途径从运营方取得公钥，并比对指纹：',
    )} <code class="digest">${identity.keyFingerprint}</code></li>
    <li>${w('Run', '运行')} <code>domicile verify ${identity.folder} <span class="whole">--key KEY.pem</span></code> ${w(
      '(no network is needed), or follow docs/verify.md with nothing but jq and openssl.',
      '（无需网络），或按 docs/verify.md 仅用 jq 与 openssl 核验。',
    )}</li>
    <li>${w('Compare the digest that it names with the one of this page:', '将其给出的摘要与本页比对：')} <code class="digest">${identity.statementDigest}</code></li>
    <li>${w('To reach the verdicts again from the evidence:', '由证据重新得出结论：')} <code>domicile replay ${identity.folder}</code>
      (domicile ${result.tool.version})</li></ol>
    <p>${w(
      'What is signed is the folder: this page is one file of it and shows the same as result.json. A print or a copy of the page alone proves nothing.',
      '所签名的是整个文件夹：本页为其中一个文件，内容与 result.json 一致。仅凭本页的打印件或副本不能证明任何内容。',
    )}</p>`;
}

/** The signed envelope itself, once per page. */
export function envelopeBlock(identity: ReportIdentity): Markup {
  return html`<section class="shared"><h2><span lang="en">Signed statement</span> <span lang="zh-CN">已签名声明</span></h2><pre class="envelope" id="statement">${identity.envelope}</pre></section>`;
}
