import { html } from 'hono/html';
import type { Result } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import type { ReportIdentity } from './identity.ts';
import type { Markup } from './parts.ts';
import { listOr, say, shareText, verdictMark, words } from './parts.ts';

/** Every control in one table, before the arguments. */
export function overview({ controls }: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<h2>${w('Controls', '控制项')}</h2><table><thead><tr><th>${w('Control', '控制项')}</th><th>${w('Verdict', '结论')}</th>
    <th>${w('Examined', '检查范围')}</th><th>${w('Findings', '发现项')}</th><th>${w('Not seen', '未能查看')}</th></tr></thead><tbody>
    ${controls.map(
      (
        control,
      ) => html`<tr><td><a href="#${language}-${control.id}">${say(control.title, language)}</a><br /><code>${control.id}</code></td>
        <td>${verdictMark(control.verdict, control.waived, language)}</td>
        <td>${control.coverage.map((line) => html`${say(line.what, language)}: ${shareText(line)}<br />`)}</td>
        <td>${control.findings.length}</td><td>${control.reasons.length}</td></tr>`,
    )}</tbody></table>`;
}

/** What the product promises and no policy of this report looks at. */
export function notAssessed(result: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<h2>${w('Not assessed', '未评估')}</h2><p>${w(
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
  return html`<h2>${w('Supplied by people', '人工提供')}</h2>${listOr(
    result.suppliedByPeople.map(
      ({ what, by, time }) => html`${what} — ${by}${time === undefined ? '' : ` (${time})`}`,
    ),
    w('Nothing.', '无。'),
  )}`;
}

/** Policies and data sets by digest: what the verdicts were reached with. */
export function instruments(result: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<h2>${w('Policies and data', '策略与数据')}</h2><table><thead><tr><th>${w('Name', '名称')}</th><th>${w('Edition', '版本')}</th><th>SHA-256</th></tr></thead><tbody>
    ${result.policies.map(({ id, version, sha256, title }) => html`<tr><td>${say(title, language)} <code>${id}</code></td><td>${version}</td><td><code>${sha256}</code></td></tr>`)}
    ${result.dataSets.map(
      ({ id, title, edition, sha256, notice }) =>
        html`<tr><td>${title ?? id} <code>${id}</code>${notice === undefined ? '' : html`<br /><span class="soft">${notice}</span>`}</td><td>${edition}</td><td><code>${sha256}</code></td></tr>`,
    )}</tbody></table>`;
}

/** How to check the report without trusting it or its maker. */
export function howToVerify(result: Result, identity: ReportIdentity, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<h2>${w('How to verify', '如何核验')}</h2><ol>
    <li>${w(
      'Get the public key from the operator by another way than this report, and compare its fingerprint:',
      '通过本报告以外的途径从运营方取得公钥，并比对指纹：',
    )} <code>${identity.keyFingerprint}</code></li>
    <li>${w('Run', '运行')} <code>domicile verify ${identity.folder} --key KEY.pem</code> ${w(
      '(no network is needed), or follow docs/verify.md with nothing but jq and openssl.',
      '（无需网络），或按 docs/verify.md 仅用 jq 与 openssl 核验。',
    )}</li>
    <li>${w('The signed statement has the SHA-256', '已签名声明的 SHA-256 为')} <code>${identity.statementDigest}</code></li>
    <li>${w('To reach the verdicts again from the evidence', '由证据重新得出结论')}: <code>domicile replay ${identity.folder}</code>
      (domicile ${result.tool.version})</li></ol>`;
}

/** The signed envelope itself, once per page. */
export function envelopeBlock(identity: ReportIdentity): Markup {
  return html`<h2>Signed statement · 已签名声明</h2><pre class="envelope" id="statement">${identity.envelope}</pre>`;
}
