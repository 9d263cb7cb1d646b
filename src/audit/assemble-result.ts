import { parseInstant, rollUp } from '../core/index.ts';
import type { LoadedEvidence } from '../evidence/index.ts';
import type { BilingualText, ControlResult, Result, Share } from '../policy/index.ts';
import { CATALOGUE, comparePolicies } from '../policy/index.ts';
import type { AuditorFacts } from './auditor-facts.ts';
import { marksSeen } from './auditor-facts.ts';
import type { RunInputs } from './run-inputs.ts';

/** The parts of a result besides the run's inputs. */
export interface ResultParts {
  readonly controls: readonly ControlResult[];
  readonly waivers: Result['waivers'];
  readonly evidence: LoadedEvidence;
  readonly auditor: AuditorFacts;
}

/** The whole result of a run: the controls, and the denominators that page one is made of. */
export function assembleResult(inputs: RunInputs, parts: ResultParts): Result {
  const { facts, chain, deployment, policies } = inputs;
  const { controls, evidence } = parts;
  const notAssessed = promisesWithoutControl(controls);
  return {
    schemaVersion: 1,
    tool: { name: 'domicile', version: facts.toolVersion },
    run: {
      id: facts.runId,
      slot: facts.slot,
      startedAt: facts.startedAt,
      window: facts.window,
      sequence: chain.sequence,
      previous: chain.previous,
      runBy: facts.runBy,
      scans: chain.scans,
      validUntil: facts.validUntil,
      policyChanges: policyChanges(inputs),
    },
    deployment: {
      id: deployment.id,
      title: deployment.title,
      customer: deployment.customer,
      operator: facts.operator,
      tenancy: deployment.tenancy,
      plan: deployment.plan,
      partition: deployment.partition,
      region: deployment.region,
      jurisdiction: deployment.jurisdiction,
      timeZone: deployment.schedule.timeZone,
    },
    verdict: rollUp(
      controls.map(({ verdict, waived, reasons }) => ({ verdict, waived, reasons: reasons.length })),
    ),
    counts: countsOf(controls, notAssessed.length),
    marks: [...new Set([...facts.marks, ...marksSeen(evidence)])],
    policies: policies.map(({ id, version, sha256, title }) => ({ id, version, sha256, title })),
    controls,
    notAssessed,
    waivers: parts.waivers,
    coverage: {
      hours: lineOf(controls, 'hours') ?? { examined: 0, expected: hoursOf(inputs) },
      accounts: accountShare(inputs, evidence),
      stores: lineOf(controls, 'stores') ?? { examined: 0, expected: deployment.databases.length },
      items: { examined: evidence.filter(isComplete).length, expected: evidence.length },
    },
    provenance: {
      live: countProvenance(evidence, 'live'),
      customerSupplied: countProvenance(evidence, 'customer-supplied'),
      vendorSupplied: countProvenance(evidence, 'vendor-supplied'),
    },
    suppliedByPeople: suppliedByPeople(inputs, evidence),
    auditor: parts.auditor,
    storage: deployment.databases.map(({ id, engine, resource }) => ({
      id,
      engine,
      resource: resource ?? null,
    })),
    processing: deployment.providers.map(({ entity, endpoint, inferenceCountry }) => ({
      entity,
      endpoint,
      inferenceCountry,
    })),
    dataSets: inputs.dataSets,
    limitations: GENERAL_LIMITATIONS,
  };
}

/** What no report of this tool proves, whatever its verdict. */
const GENERAL_LIMITATIONS: Result['limitations'] = [
  {
    en: 'Locations are those that the cloud operator reports and that address data say; nobody inspected a building.',
    zh: '位置信息依据云运营方的报告与地址数据，未进行实地查验。',
  },
  {
    en: 'The report speaks of the period, accounts and stores that it names, and of nothing else.',
    zh: '本报告仅涉及其列明的期间、账户与数据存储。',
  },
  {
    en: 'This is not legal advice and not a finding of compliance with any law.',
    zh: '本报告不构成法律意见，亦不构成符合任何法律的认定。',
  },
];

function promisesWithoutControl(controls: readonly ControlResult[]): Result['notAssessed'] {
  const named = new Set(controls.map(({ check }) => check));
  return Object.entries(CATALOGUE)
    .filter(([check]) => !named.has(check))
    .map(([check, claim]) => ({ check, claim }));
}

function countsOf(controls: readonly ControlResult[], notAssessed: number): Result['counts'] {
  const count = (accept: (control: ControlResult) => boolean): number => controls.filter(accept).length;
  return {
    pass: count(({ verdict }) => verdict === 'pass'),
    fail: count(({ verdict, waived }) => verdict === 'fail' && !waived),
    waived: count(({ verdict, waived }) => verdict === 'fail' && waived),
    inconclusive: count(({ verdict }) => verdict === 'inconclusive'),
    notApplicable: count(({ verdict }) => verdict === 'not-applicable'),
    notAssessed,
  };
}

/** The least favourable coverage line of a unit: two controls that looked at the same hours must not add up. */
function lineOf(controls: readonly ControlResult[], unit: 'hours' | 'stores'): Share | undefined {
  const lines = controls.flatMap(({ coverage }) => coverage.filter((line) => line.unit === unit));
  const [first, ...rest] = lines.map(({ examined, expected }): Share => ({ examined, expected }));
  if (first === undefined) return undefined;
  return rest.reduce((least, next) => (shareOf(next) < shareOf(least) ? next : least), first);
}

function shareOf({ examined, expected }: Share): number {
  if (expected === null) return 0;
  return expected === 0 ? 1 : examined / expected;
}

function hoursOf({ facts }: RunInputs): number {
  return Math.ceil((parseInstant(facts.window.end) - parseInstant(facts.window.start)) / 3_600_000);
}

function accountShare({ deployment }: RunInputs, evidence: LoadedEvidence): Share {
  const seen = new Set(evidence.filter(isComplete).map(({ item }) => item.key.account));
  const accounts = deployment.accounts.map(({ id }) => id);
  return { examined: accounts.filter((id) => seen.has(id)).length, expected: accounts.length };
}

function isComplete({ item, problem }: LoadedEvidence[number]): boolean {
  return item.status === 'complete' && problem === undefined;
}

function countProvenance(evidence: LoadedEvidence, provenance: string): number {
  return evidence.filter(({ item }) => item.provenance === provenance).length;
}

function policyChanges({ chain, policies }: RunInputs): Result['run']['policyChanges'] {
  if (chain.previousPolicies === null) return { compared: false, loosened: [], tightened: [], changed: [] };
  return { compared: true, ...comparePolicies(chain.previousPolicies, policies) };
}

const DOCUMENT: Readonly<Record<RunInputs['deployment']['documents'][number]['type'], BilingualText>> = {
  'icp-recordal': { en: 'ICP recordal', zh: 'ICP 备案' },
  'police-filing': { en: 'public-security filing', zh: '公安备案' },
  'order-form': { en: 'order form', zh: '订购单' },
  contract: { en: 'contract', zh: '合同' },
  pipia: { en: 'impact assessment (PIPIA)', zh: '个人信息保护影响评估' },
  other: { en: 'document', zh: '文件' },
};

/** What people said or handed over instead of the tool reading it. */
function suppliedByPeople(
  { deployment, facts }: RunInputs,
  evidence: LoadedEvidence,
): Result['suppliedByPeople'] {
  const documents = deployment.documents.map(({ id, type, owner, lastConfirmed }) => ({
    what: { en: `${DOCUMENT[type].en} ${id}`, zh: `${DOCUMENT[type].zh} ${id}` },
    by: owner,
    time: lastConfirmed,
  }));
  const exported =
    countProvenance(evidence, 'customer-supplied') + countProvenance(evidence, 'vendor-supplied');
  const exports =
    exported === 0
      ? []
      : [
          {
            what: { en: `${exported} exported evidence items`, zh: `导出的证据 ${exported} 项` },
            by: exporter(evidence, deployment.customer, facts.operator),
          },
        ];
  const declared = evidence.filter(({ item }) => item.declaredTime === true).length;
  const what = { en: `the time of ${declared} evidence items`, zh: `${declared} 项证据的时间` };
  const times = declared === 0 ? [] : [{ what, by: facts.runBy }];
  return [...documents, ...exports, ...times];
}

function exporter(evidence: LoadedEvidence, customer: string, operator: string): string {
  return evidence.some(({ item }) => item.provenance === 'customer-supplied') ? customer : operator;
}
