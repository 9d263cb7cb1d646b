import { html } from 'hono/html';
import type { Result } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import { AUDITOR_LOCATION, MARK } from '../labels.ts';
import { bothTimes } from '../times.ts';
import type { ReportIdentity } from './identity.ts';
import type { Markup } from './parts.ts';
import { deploymentVerdictMark, listOr, say, shareText, words } from './parts.ts';

/** Page one: four answers, and no badge that could stand for all of them. */
export function pageOne(result: Result, identity: ReportIdentity, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const { run, deployment } = result;
  return html`${relianceNotice(result, language)}
    <h1>${w('Residency attestation', '数据驻留证明')}: ${say(deployment.title, language)}</h1>
    <p>${w('Customer', '客户')}: ${deployment.customer} · ${w('Deployment', '部署')}: <code>${deployment.id}</code> ·
      ${deployment.tenancy} · <code>${deployment.region}</code> (${deployment.partition}) ·
      ${w('jurisdiction', '辖区')}: ${deployment.jurisdiction.join(', ')}</p>
    <p>${w('Period', '期间')}: ${bothTimes(run.window.start, deployment.timeZone)} –
      ${bothTimes(run.window.end, deployment.timeZone)}</p>
    <div class="questions">
      ${authentic(identity, language)} ${verdict(result, language)} ${complete(result, language)} ${current(result, language)}
    </div>
    ${conclusion(result, language)}`;
}

/** Stands on top of every page that must not be relied on. */
export function relianceNotice(result: Result, language: Language): Markup {
  if (result.marks.length === 0) return html``;
  const why = result.marks.map((mark) => say(MARK[mark], language)).join(words(language, '; ', '；'));
  return html`<div class="reliance">${words(language, 'Not for reliance', '不可作为依据')}: ${why}</div>`;
}

function authentic(identity: ReportIdentity, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<section><h2>${w('Is it authentic?', '真实性')}</h2>
    <p>${w(
      'This page cannot say so of itself. Check it yourself, with a public key got by another way:',
      '本页无法自证真实。请使用通过其他途径取得的公钥自行核验：',
    )}</p>
    <p><code>domicile verify ${identity.folder} --key KEY.pem</code></p>
    <p>${w('Key fingerprint to compare (SHA-256)', '待比对的密钥指纹（SHA-256）')}: <code>${identity.keyFingerprint}</code></p></section>`;
}

function verdict(result: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const { counts } = result;
  const waived =
    counts.waived === 0
      ? ''
      : w(`, ${counts.waived} with accepted exceptions`, `，${counts.waived}项为已批准例外`);
  return html`<section><h2>${w('What is the verdict?', '结论')}</h2>
    <p>${deploymentVerdictMark(result.verdict, language)}</p>
    <p>${w(
      `${counts.fail} failed, ${counts.inconclusive} undetermined, ${counts.pass} passed, ${counts.notAssessed} not assessed`,
      `${counts.fail}项不符合，${counts.inconclusive}项无法判定，${counts.pass}项符合，${counts.notAssessed}项未评估`,
    )}${waived}${w('.', '。')}</p></section>`;
}

function complete({ coverage }: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return html`<section><h2>${w('Is it complete?', '完整性')}</h2>
    <ul><li>${w('Hours observed by flow logs', '流日志已观测小时数')}: ${shareText(coverage.hours)}</li>
    <li>${w('Accounts', '账户')}: ${shareText(coverage.accounts)}</li>
    <li>${w('Data stores examined', '已检查的数据存储')}: ${shareText(coverage.stores)}</li>
    <li>${w('Evidence items complete', '完整的证据项')}: ${shareText(coverage.items)}</li></ul></section>`;
}

/** Slots that nobody served: a scan that did not run is part of the answer. */
function missedSlots({ run, deployment }: Result, language: Language): Markup {
  if (run.scans.missed.length === 0) return html``;
  const slots = run.scans.missed.map((slot) => bothTimes(slot, deployment.timeZone)).join('; ');
  return html`<p>${words(language, 'Missed', '错过的扫描')}: ${slots}</p>`;
}

function current(result: Result, language: Language): Markup {
  const { run, deployment } = result;
  const w = (en: string, zh: string): string => words(language, en, zh);
  const { scans } = run;
  return html`<section><h2>${w('Is it current?', '时效性')}</h2>
    <p>${w('Valid until', '有效期至')}: ${bothTimes(run.validUntil, deployment.timeZone)}. ${w(
      'Newer reports may exist.',
      '可能已有更新报告。',
    )}</p>
    <p>${w(
      `Scans of the last month, this one included: ${scans.due ?? '?'} due, ${scans.started} started, ${scans.aborted} aborted, ${scans.missed.length} missed; reports before this one: ${scans.finished}, of which ${scans.passed} passed.`,
      `最近一个月（含本次）：应扫描${scans.due ?? '?'}次，启动${scans.started}次，中止${scans.aborted}次，错过${scans.missed.length}次；此前报告${scans.finished}份，其中通过${scans.passed}份。`,
    )}</p>
    ${missedSlots(result, language)}</section>`;
}

/** The sentences that an officer copies into a letter. */
function conclusion(result: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const { run, deployment, provenance, auditor, processing, waivers } = result;
  const providers = processing
    .map(({ entity, inferenceCountry }) => `${entity} (${inferenceCountry})`)
    .join(', ');
  const exceptions = waivers.map(({ approvedBy, expires }) =>
    w(`approved by ${approvedBy}, until ${expires}`, `批准人${approvedBy}，有效期至${expires}`),
  );
  return html`<p>${w(
    `Self-assessment by ${deployment.operator}, operator of the audited system; not reviewed by a third party. Run by ${run.runBy}.`,
    `本报告由被审计系统的运营方${deployment.operator}自行评估，未经第三方复核。执行者：${run.runBy}。`,
  )}</p>
    ${listOr(
      [
        html`${w('Storage', '存储')}: <code>${deployment.region}</code>`,
        html`${w('Processing by model providers', '模型服务商处理')}: ${providers || w('not assessed', '未评估')}${providers ? w(' (declared, not checked)', '（申报，未经核查）') : ''}`,
        html`${w('Access by people', '人员访问')}: ${w('not assessed', '未评估')}`,
        html`${w('Prompt content', '提示词内容')}: ${contentSentence(result, language)}`,
        html`${w('Policy since the last report', '策略较上期变化')}: ${policySentence(result, language)}`,
        html`${w('Exceptions', '例外')}: ${exceptions.length}${exceptions.length > 0 ? `: ${exceptions.join('; ')}` : ''}`,
        html`${w('Supplied by people, not collected by the tool', '人工提供、非工具采集')}: ${result.suppliedByPeople.length}. ${w('Evidence items', '证据项')}: ${w('live', '实时采集')} ${provenance.live}, ${w('supplied by the customer', '客户提供')} ${provenance.customerSupplied}, ${w('supplied by the vendor', '供应商提供')} ${provenance.vendorSupplied}`,
        html`${w("The auditor's own location", '审计程序所在地')}: ${say(AUDITOR_LOCATION[auditor.location], language)}${auditor.country === null ? '' : ` (${auditor.country})`}; ${w('connections opened', '发起连接数')}: ${auditor.connections}`,
        html`${w('Report', '报告')} ${run.sequence}, <code>${run.id}</code>; ${w('previous report', '上一报告')}: <code>${run.previous ?? w('none', '无')}</code>`,
      ],
      '',
    )}
    <p><strong>${w(
      'This is not legal advice and not a finding of compliance with PIPL or GDPR.',
      '本报告不构成法律意见，亦不构成符合《个人信息保护法》或GDPR的认定。',
    )}</strong></p>`;
}

function contentSentence({ controls }: Result, language: Language): string {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const control = controls.find(({ check }) => check === 'content.absent');
  if (control === undefined) return w('not assessed', '未评估');
  if (control.verdict === 'fail') return w('found; see the findings', '已发现，详见发现项');
  if (control.verdict !== 'pass') return w('undetermined', '无法判定');
  return w(
    'none found in the databases examined, by detection (recall not measured); logs and caches not examined',
    '在已检查的数据库中未发现（检测方式，召回率未测量）；日志与缓存未检查',
  );
}

function policySentence({ run }: Result, language: Language): string {
  const { compared, loosened, tightened } = run.policyChanges;
  if (!compared) return words(language, 'no earlier report to compare with', '无可比对的上期报告');
  return words(
    language,
    `${loosened.length} items loosened${loosened.length > 0 ? ` (${loosened.join('; ')})` : ''}, ${tightened.length} tightened`,
    `放宽${loosened.length}项${loosened.length > 0 ? `（${loosened.join('；')}）` : ''}，收紧${tightened.length}项`,
  );
}
