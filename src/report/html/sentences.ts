import type { CheckId, ControlResult, Result } from '../../policy/index.ts';
import type { Language } from '../labels.ts';
import { AUDITOR_LOCATION } from '../labels.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { count, detectionQuality, listed, say, words } from './parts.ts';

/** A row of page one: what it is about, and the sentence that an officer may copy into a letter. */
export interface Sentence {
  readonly about: string;
  readonly says: Markup;
}

/**
 * The sentences of page one. Each follows the verdicts of the controls that it is about: where no control looked,
 * it says "not assessed", whatever the inventory declares.
 */
export function sentences(result: Result, language: Language): readonly Sentence[] {
  const w = (en: string, zh: string): string => words(language, en, zh);
  return [
    { about: w('Assessment', '评估性质'), says: assessment(result, language) },
    { about: w('Storage', '存储'), says: storage(result, language) },
    { about: w('Processing by model providers', '模型服务商处理'), says: processing(result, language) },
    { about: w('Access by people', '人员访问'), says: html`${access(result, language)}` },
    { about: w('Prompt content', '提示词内容'), says: html`${promptContent(result, language)}` },
    { about: w('Policy since the last report', '策略较上期变化'), says: policyChange(result, language) },
    { about: w('Exceptions', '例外'), says: exceptions(result, language) },
    {
      about: w('Supplied by people, not collected', '人工提供、非工具采集'),
      says: supplied(result, language),
    },
    { about: w("The auditor's own location", '审计程序所在地'), says: html`${location(result, language)}` },
  ];
}

type Told = ControlResult['verdict'] | 'not-assessed';

/** What the controls of one check say together: the least favourable of them. */
function told({ controls }: Result, check: CheckId): Told {
  const verdicts = controls.filter((control) => control.check === check).map(({ verdict }) => verdict);
  const worst = (['fail', 'inconclusive', 'pass', 'not-applicable'] as const).find((one) =>
    verdicts.includes(one),
  );
  return worst ?? 'not-assessed';
}

function assessment({ deployment, run }: Result, language: Language): Markup {
  return html`${words(
    language,
    `Self-assessment by ${deployment.operator}, operator of the audited system; not reviewed by a third party. Run by ${run.runBy}.`,
    `本报告由被审计系统的运营方${deployment.operator}自行评估，未经第三方复核。执行者：${run.runBy}。`,
  )}`;
}

function storage(result: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const stores = result.storage.map(({ id, engine, resource }) =>
    resource === null ? `${id} (${engine})` : `${id} (${engine}, ${resource})`,
  );
  const placed: Readonly<Record<Told, string>> = {
    pass: w('every resource that was listed there lies in the region', '所列资源均位于该区域'),
    fail: w('NOT as promised, see the findings', '与承诺不符，详见发现项'),
    inconclusive: w('undetermined whether all of it lies there', '是否全部位于该区域无法判定'),
    'not-applicable': w('place not applicable', '位置不适用'),
    'not-assessed': w('place not assessed', '位置未评估'),
  };
  const copies: Readonly<Record<Told, string>> = {
    pass: w('no copy was found elsewhere', '未发现其他位置的副本'),
    fail: w('copies were found elsewhere', '发现其他位置的副本'),
    inconclusive: w('copies elsewhere: undetermined', '其他位置的副本：无法判定'),
    'not-applicable': w('copies elsewhere: not applicable', '其他位置的副本：不适用'),
    'not-assessed': w('copies elsewhere: not assessed', '其他位置的副本：未评估'),
  };
  return html`<code>${result.deployment.region}</code>${w(': ', '：')}${
    stores.length === 0
      ? w('no store declared', '未申报数据存储')
      : html`<code>${listed(stores, language)}</code>`
  }${w('; ', '；')}${placed[told(result, 'placement.resources')]}${w('; ', '；')}${copies[told(result, 'placement.no-copies')]}${w('.', '。')}`;
}

function processing(result: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  if (result.processing.length === 0) return html`${w('Not assessed.', '未评估。')}`;
  const declared = result.processing.map(({ entity, inferenceCountry }) => `${entity} (${inferenceCountry})`);
  const checked: Readonly<Record<Told, string>> = {
    pass: w('The requests seen went to them only', '观测到的请求仅发往上述服务商'),
    fail: w('Requests went elsewhere, see the findings', '有请求发往他处，详见发现项'),
    inconclusive: w('Where requests went is undetermined', '请求去向无法判定'),
    'not-applicable': w('Not applicable', '不适用'),
    'not-assessed': w('Where requests went was not assessed', '请求去向未评估'),
  };
  return html`${w('Declared: ', '申报清单：')}${listed(declared, language)}${w('. ', '。')}${checked[told(result, 'providers.routing')]}${w('.', '。')}`;
}

function access(result: Result, language: Language): string {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const countries = result.deployment.jurisdiction.join(w(', ', '、'));
  const seen: Readonly<Record<Told, string>> = {
    pass: w(`From the allowed countries only (${countries}).`, `仅来自允许的国家或地区（${countries}）。`),
    fail: w('From elsewhere too, see the findings.', '亦来自其他国家或地区，详见发现项。'),
    inconclusive: w('Undetermined.', '无法判定。'),
    'not-applicable': w('Not applicable.', '不适用。'),
    'not-assessed': w('Not assessed.', '未评估。'),
  };
  return seen[told(result, 'access.origin')];
}

const OTHER_PLACES: readonly { readonly check: CheckId; readonly en: string; readonly zh: string }[] = [
  { check: 'content.logs', en: 'logs', zh: '日志' },
  { check: 'content.cache', en: 'caches', zh: '缓存' },
  { check: 'content.sinks', en: 'traces and callbacks', zh: '追踪与回调' },
];

function promptContent(result: Result, language: Language): string {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const names = (wanted: Told): string =>
    OTHER_PLACES.filter(({ check }) => told(result, check) === wanted)
      .map((place) => place[language])
      .join(w(', ', '、'));
  const elsewhere: readonly (readonly [string, (places: string) => string])[] = [
    [names('fail'), (places) => w(`; FOUND in ${places}`, `；在${places}中已发现`)],
    [names('inconclusive'), (places) => w(`; ${places}: undetermined`, `；${places}：无法判定`)],
    [names('pass'), (places) => w(`; none found in ${places}`, `；在${places}中未发现`)],
    [names('not-assessed'), (places) => w(`; ${places} not examined`, `；${places}未检查`)],
  ];
  const others = elsewhere.map(([places, phrase]) => (places === '' ? '' : phrase(places))).join('');
  return `${inDatabases(result, language)}${others}${w('.', '。')}`;
}

function inDatabases(result: Result, language: Language): string {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const controls = result.controls.filter(({ check }) => check === 'content.absent');
  const found = controls.reduce((sum, { findings }) => sum + findings.length, 0);
  switch (told(result, 'content.absent')) {
    case 'pass':
      return w(
        `None found in the databases examined${how(controls, language)}`,
        `在已检查的数据库中未发现${how(controls, language)}`,
      );
    case 'fail':
      return w(`FOUND in the databases: ${count(found)} findings`, `在数据库中已发现：${count(found)}项发现`);
    case 'inconclusive':
      if (controls.every(({ coverage }) => coverage.every(({ examined }) => examined === 0)))
        return w('Undetermined: the databases were not examined', '无法判定：数据库未检查');
      return w(
        'Undetermined: none was found in what was examined of the databases, but not all of it could be examined',
        '无法判定：在数据库已检查的部分中未发现，但未能检查全部内容',
      );
    case 'not-applicable':
      return w('Not applicable', '不适用');
    case 'not-assessed':
      return w('Not assessed', '未评估');
  }
}

/** A pass that rests on detection says so. */
function how(controls: readonly ControlResult[], language: Language): string {
  const detected = controls.flatMap(({ basis }) => (basis?.kind === 'detected' ? [basis] : []))[0];
  if (detected === undefined) return '';
  const quality = detectionQuality(detected, language);
  return words(language, `, by detection (${quality})`, `（检测方式；${quality}）`);
}

function policyChange({ run }: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  const { compared, loosened, tightened, changed } = run.policyChanges;
  if (!compared) return html`${w('No earlier report to compare with.', '无可比对的上期报告。')}`;
  const counted = w(
    `${loosened.length} items loosened, ${tightened.length} tightened, ${changed.length} changed in a way that is neither for certain.`,
    `放宽${loosened.length}项，收紧${tightened.length}项，另有${changed.length}项变化无法归类。`,
  );
  return html`${counted}${
    loosened.length === 0
      ? ''
      : html` ${w('Loosened: ', '放宽：')}${listed(
          loosened.map((item) => say(item, language)),
          language,
        )}${w('.', '。')}`
  }`;
}

function exceptions({ waivers }: Result, language: Language): Markup {
  const w = (en: string, zh: string): string => words(language, en, zh);
  if (waivers.length === 0) return html`${w('None.', '无。')}`;
  const each = waivers.map(({ approvedBy, expires }) =>
    w(`approved by ${approvedBy}, until ${expires}`, `批准人${approvedBy}，有效期至${expires}`),
  );
  return html`${w(`${waivers.length}, `, `${waivers.length}项，`)}${listed(each, language)}${w('.', '。')}`;
}

function supplied({ suppliedByPeople, provenance }: Result, language: Language): Markup {
  return html`${words(
    language,
    `${count(suppliedByPeople.length)} items. Evidence: ${count(provenance.live)} items read by the tool, ${count(provenance.customerSupplied)} supplied by the customer, ${count(provenance.vendorSupplied)} by the vendor.`,
    `${count(suppliedByPeople.length)}项。证据：工具采集${count(provenance.live)}项，客户提供${count(provenance.customerSupplied)}项，供应商提供${count(provenance.vendorSupplied)}项。`,
  )}`;
}

function location({ auditor }: Result, language: Language): string {
  const where =
    auditor.country === null ? '' : words(language, ` (${auditor.country})`, `（${auditor.country}）`);
  return words(
    language,
    `${capital(AUDITOR_LOCATION[auditor.location].en)}${where}; ${count(auditor.connections)} connections opened.`,
    `${AUDITOR_LOCATION[auditor.location].zh}${where}；发起连接${count(auditor.connections)}个。`,
  );
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
