import type { Result, Share } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import { MARK, NOT_FOR_RELIANCE, PLAN, TENANCY } from '../labels.ts';
import type { ReportIdentity } from './identity.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { count, deploymentVerdictMark, joined, say, shareText, timeMark, words } from './parts.ts';
import { sentences } from './sentences.ts';

/** Page one: four answers, and no badge that could stand for all of them. */
export function pageOne(result: Result, identity: ReportIdentity, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<section class="page-one">
    <p class="kind">${w('Residency attestation', '数据驻留证明')}</p>
    <h1>${say(result.deployment.title, language)}</h1>
    ${relianceNotice(result, language)}
    ${subject(result, language)}
    <div class="questions">
      ${authentic(identity, language)} ${verdict(result, language)} ${complete(result, language)} ${current(result, language)}
    </div>
    <table class="facts sentences"><tbody>${sentences(result, language).map(
      ({ about, says }) => html`<tr><th scope="row">${about}</th><td>${says}</td></tr>`,
    )}</tbody></table>
    <p><strong>${w(
      'This is not legal advice and not a finding of compliance with PIPL or GDPR.',
      '本报告不构成法律意见，亦不构成符合《个人信息保护法》或GDPR的认定。',
    )}</strong></p></section>`;
}

/** Stands on top of every report that must not be relied on, with the reasons. */
function relianceNotice({ marks }: Result, language: Language): Markup {
  if (marks.length === 0) return html``;
  const why = marks.map((mark) => say(MARK[mark], language)).join(words(language, '; ', '；'));
  return html`<p class="reliance">${say(NOT_FOR_RELIANCE, language)}${words(language, ': ', '：')}${why}${words(language, '.', '。')}</p>`;
}

/** What the report is about: whose system, where, when, and which report of how many. */
function subject(result: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const { run, deployment } = result;
  const { tenancy, plan, jurisdiction, timeZone } = deployment;
  const promised = [TENANCY[tenancy] ?? { en: tenancy, zh: tenancy }, PLAN[plan] ?? { en: plan, zh: plan }];
  const rows: readonly (readonly [string, Markup])[] = [
    [w('Customer', '客户'), html`${deployment.customer}`],
    [
      w('Deployment', '部署'),
      html`<code>${deployment.id}</code>${w(': ', '：')}${promised.map((text) => say(text, language)).join(w(', ', '，'))}`,
    ],
    [
      w('Promised place', '承诺区域'),
      html`<code>${deployment.region}</code> (<code>${deployment.partition}</code>)${w('; jurisdiction: ', '；辖区：')}${jurisdiction.join(', ')}`,
    ],
    [
      w('Period', '期间'),
      html`${timeMark(run.window.start, timeZone)} – ${timeMark(run.window.end, timeZone)}`,
    ],
    [
      w('Report', '报告'),
      html`${w(`No. ${run.sequence}`, `第${run.sequence}号`)}${w(', ', '，')}<code>${run.id}</code>${w(', ', '，')}${timeMark(run.startedAt, timeZone)}${w('; previous report: ', '；上一报告：')}${
        run.previous === null ? w('none', '无') : html`<code class="digest">${run.previous}</code>`
      }`,
    ],
  ];
  return html`<table class="facts subject"><tbody>${rows.map(
    ([about, says]) => html`<tr><th scope="row">${about}</th><td>${says}</td></tr>`,
  )}</tbody></table>`;
}

function authentic(identity: ReportIdentity, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<section><h2>${w('Is it authentic?', '真实性')}</h2>
    <p>${w(
      'This page cannot say so of itself. Check it yourself, with a public key got by another way:',
      '本页无法自证真实。请使用通过其他途径取得的公钥自行核验：',
    )}</p>
    <p><code>domicile verify ${identity.folder} <span class="whole">--key KEY.pem</span></code></p>
    <p>${w('Key fingerprint (SHA-256) to compare with the one you were told', '密钥指纹（SHA-256），请与另行取得的指纹比对')}${w(':', '：')}
      <code class="digest">${identity.keyFingerprint}</code></p>
    <p>${w('Digest of the signed statement (SHA-256)', '已签名声明的摘要（SHA-256）')}${w(':', '：')}
      <code class="digest">${identity.statementDigest}</code></p></section>`;
}

function verdict(result: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const { counts } = result;
  const parts = [
    w(`${counts.fail} failed`, `${counts.fail}项不符合`),
    ...(counts.waived === 0
      ? []
      : [
          w(
            `${counts.waived} not passed with an accepted exception`,
            `${counts.waived}项未通过（已批准例外）`,
          ),
        ]),
    w(`${counts.inconclusive} undetermined`, `${counts.inconclusive}项无法判定`),
    w(`${counts.pass} passed`, `${counts.pass}项符合`),
    ...(counts.notApplicable === 0
      ? []
      : [w(`${counts.notApplicable} not applicable`, `${counts.notApplicable}项不适用`)]),
    w(`${counts.notAssessed} not assessed`, `${counts.notAssessed}项未评估`),
  ];
  return html`<section><h2>${w('What is the verdict?', '结论')}</h2>
    <p class="large">${deploymentVerdictMark(result.verdict, language)}</p>
    <p>${parts.join(w(', ', '，'))}${w('.', '。')}</p>
    <p class="soft">${w(
      'The counts are of controls. One failure makes the result not passed; without a failure, one undetermined control makes it undetermined.',
      '以上为控制项数目。任一项不符合，则结论为未通过；无不符合而有任一项无法判定，则结论为无法判定。',
    )}</p></section>`;
}

function complete({ coverage, controls }: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const { hours, accounts, stores, items } = coverage;
  const gaps = controls.filter(({ reasons }) => reasons.length > 0);
  const named = gaps.reduce((sum, { reasons }) => sum + reasons.length, 0);
  return html`<section><h2>${w('Is it complete?', '完整性')}</h2>
    <p>${w(
      `Observed ${shareText(hours, language)} hours, ${shareText(accounts, language)} accounts; ${unexamined(stores, language)}`,
      `已观测${shareText(hours, language)}小时、${shareText(accounts, language)}个账户；${unexamined(stores, language)}`,
    )}</p>
    <p>${w(
      `Evidence items complete: ${shareText(items, language)}. What could not be seen is named: ${count(named)} gaps in ${count(gaps.length)} controls.`,
      `完整的证据项：${shareText(items, language)}。未能查看的内容均已列明：${count(gaps.length)}个控制项中共${count(named)}处缺口。`,
    )}</p></section>`;
}

function unexamined({ examined, expected }: Share, language: Language): string {
  if (expected === null) {
    return words(
      language,
      `${count(examined)} data stores examined whole, of an unknown number.`,
      `已完整检查数据存储${count(examined)}处，总数未知。`,
    );
  }
  return words(
    language,
    `${count(expected - examined)} of ${count(expected)} data stores not examined whole.`,
    `${count(expected)}处数据存储中有${count(expected - examined)}处未完整检查。`,
  );
}

const MOST_SLOTS = 5;

/** Slots that nobody served: a scan that did not run is part of the answer. */
function missedSlots({ run, deployment }: Result, language: Language): Markup {
  const { missed } = run.scans;
  if (missed.length === 0) return html``;
  const slots = missed.slice(-MOST_SLOTS).map((slot) => timeMark(slot, deployment.timeZone));
  const others =
    missed.length <= MOST_SLOTS
      ? ''
      : words(
          language,
          ` (the last ${MOST_SLOTS}; all stand in result.json)`,
          `（最近${MOST_SLOTS}次；全部内容见 result.json）`,
        );
  return html`<p>${words(language, 'Missed', '未执行的扫描')}${words(language, ': ', '：')}${joined(slots, words(language, '; ', '；'))}${others}${words(language, '.', '。')}</p>`;
}

function current(result: Result, language: Language): Markup {
  const { run, deployment } = result;
  const w = (en: string, zh: string): string => words(language, en, zh);
  const { scans } = run;
  const due = scans.due ?? 'an unknown number';
  return html`<section><h2>${w('Is it current?', '时效性')}</h2>
    <p>${w('Valid until', '有效期至')} ${timeMark(run.validUntil, deployment.timeZone)}${w('; newer reports may exist.', '；可能已有更新报告。')}</p>
    <p>${w(
      `Scans in the last 31 days (or since the last report, if that is longer ago): ${due} due and ${scans.started} started, this one included; ${scans.finished} finished and ${scans.passed} passed before this one; ${scans.aborted} aborted, ${scans.missed.length} missed.`,
      `最近31天（上期报告更早时，自上期报告起）：应扫描${scans.due === null ? '次数不明' : `${scans.due}次`}，启动${scans.started}次（均含本次）；本次之前完成${scans.finished}次，通过${scans.passed}次；中止${scans.aborted}次，未执行${scans.missed.length}次。`,
    )}</p>
    ${missedSlots(result, language)}</section>`;
}
