import type { Reason } from '../../core/index.ts';
import type { Deployment } from '../../evidence/index.ts';
import { awsNeed } from '../../evidence/index.ts';
import type { Check, CheckWords, Observation } from '../check.ts';
import type { PlacedResource, PlacedService } from './placement-services.ts';
import { judgePlacement, kindsOfService, PLACED_SERVICES, resourcesOf } from './placement-services.ts';

/** Which services the claim covers, and whether missing encryption fails it. */
export interface PlacementParameters {
  readonly services: readonly PlacedService[];
  readonly encrypted: 'fail' | 'disclose';
}

const WORDS: CheckWords = {
  claim: {
    en: 'Every resource of the services {services} that was listed is in {region}, encrypted with a key of that region',
    zh: '所列 {services} 服务的全部资源均位于 {region}，并以该区域的密钥加密',
  },
  findings: {
    RESOURCE_OUT_OF_REGION: {
      en: '{resource} lies in {found}; {promised} is promised',
      zh: '{resource} 位于 {found}，而承诺区域为 {promised}',
    },
    NOT_ENCRYPTED: { en: '{resource} is not encrypted', zh: '{resource} 未加密' },
    KEY_OUT_OF_REGION: {
      en: '{resource} is encrypted with a key of {found}',
      zh: '{resource} 以 {found} 的密钥加密',
    },
    KEY_MULTI_REGION: {
      en: 'The key {resource} is replicated to {found}',
      zh: '密钥 {resource} 已复制到 {found}',
    },
    DATABASE_NOT_FOUND: {
      en: 'The database {resource} of the inventory is not among the instances and clusters of {promised}',
      zh: '部署清单中的数据库 {resource} 不在 {promised} 的实例与集群之列',
    },
  },
  disclosures: { NOT_ENCRYPTED: { en: '{resource} is not encrypted', zh: '{resource} 未加密' } },
  positive: {
    PLACED: {
      en: '{count} {count#resource|resources} of {service} {count#is|are} in {region}',
      zh: '{service} 的 {count} 个资源均位于 {region}',
    },
  },
  coverage: { RESOURCES: { en: 'Resources whose place could be read', zh: '位置可读取的资源' } },
  limitations: {
    alwaysRegions: {
      en: 'Databases, clusters and keys were listed in the promised region only; copies in other regions are the claim of placement.no-copies.',
      zh: '数据库、集群与密钥仅在承诺区域内列举；其他区域的副本由 placement.no-copies 主张。',
    },
    alwaysServices: {
      en: 'Other services than {services} were not looked at.',
      zh: '未检查 {services} 以外的其他服务。',
    },
  },
};

export const placementResources: Check<PlacementParameters> = {
  id: 'placement.resources',
  words: WORDS,
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['services'],
    properties: {
      services: { type: 'array', minItems: 1, uniqueItems: true, items: { enum: [...PLACED_SERVICES] } },
      encrypted: { enum: ['fail', 'disclose'], default: 'fail' },
    },
  },
  needs: ({ services }, deployment) =>
    workloadAccounts(deployment).flatMap((account) =>
      services.flatMap(kindsOfService).map((kind) => awsNeed(kind, account, deployment.region)),
    ),
  evaluate: (view, { deployment, parameters }) => {
    const accounts = deployment.accounts.map(({ id }) => id);
    const byAccount = workloadAccounts(deployment).map((account) => ({
      account,
      own: parameters.services.flatMap((service) => resourcesOf(service, view, account, deployment)),
    }));
    const resources = byAccount.flatMap(({ own }) => own);
    const keys = resources.filter(({ service }) => service === 'kms').map(({ name }) => name);
    const judged = resources.map((resource) =>
      judgePlacement(resource, { region: deployment.region, accounts, keys }),
    );
    const seen = judged.flatMap(({ findings }) => findings);
    const reasons = [
      ...judged.flatMap((one) => one.reasons),
      ...byAccount.flatMap(({ account, own }) => nothingListed(account, own, parameters)),
      ...(parameters.services.includes('rds') ? nameless(deployment) : []),
    ];
    const isTold = ({ class: name }: Observation): boolean =>
      name === 'NOT_ENCRYPTED' && parameters.encrypted === 'disclose';
    const listed = parameters.services.includes('rds') && everythingListed(view, deployment);
    return {
      findings: [
        ...seen.filter((one) => !isTold(one)),
        ...(listed ? missingDatabases(deployment, resources) : []),
      ],
      disclosed: seen.filter(isTold),
      reasons,
      coverage: [
        {
          what: 'RESOURCES',
          examined: resources.filter(({ region }) => region !== undefined).length,
          expected: resources.length,
        },
      ],
      positive: parameters.services.map((service) => positiveOf(service, resources, deployment.region)),
    };
  },
  canary: ({ deployment }) => {
    const abroad: PlacedResource = {
      service: 'rds',
      name: 'canary',
      region: 'xx-nowhere-1',
      encrypted: false,
      key: `arn:aws:kms:xx-nowhere-1:000000000000:key/canary`,
    };
    const { findings } = judgePlacement(abroad, { region: deployment.region, accounts: [], keys: [] });
    return ['RESOURCE_OUT_OF_REGION', 'NOT_ENCRYPTED', 'KEY_OUT_OF_REGION'].map((name) => ({
      id: name.toLowerCase().replaceAll('_', '-'),
      caught: findings.some((finding) => finding.class === name),
    }));
  },
};

function workloadAccounts(deployment: Deployment): readonly string[] {
  return deployment.accounts.filter(({ purpose }) => purpose === 'workload').map(({ id }) => id);
}

/** A claim about no resource at all claims nothing: the account is another one, or everything lies elsewhere. */
function nothingListed(
  account: string,
  resources: readonly PlacedResource[],
  { services }: PlacementParameters,
): readonly Reason[] {
  if (resources.length > 0) return [];
  const detail = 'no resource of any of them was listed';
  return [{ code: 'NOT_COLLECTED', scope: `${services.join(', ')} (${account})`, detail }];
}

/** A database of which nobody says which resource it is may be none of those that were listed. */
function nameless({ databases }: Deployment): readonly Reason[] {
  return databases
    .filter(({ resource }) => resource === undefined)
    .map(({ id }) => ({
      code: 'UNKNOWN_VALUE',
      scope: id,
      detail: 'the inventory does not say which instance or cluster holds the database',
    }));
}

/** Absence is only a finding where both listings of every account were answered. */
function everythingListed(
  view: Parameters<typeof placementResources.evaluate>[0],
  deployment: Deployment,
): boolean {
  return workloadAccounts(deployment).every((account) =>
    (['rds.instances', 'rds.clusters'] as const).every((kind) => {
      const answers = view.answers(awsNeed(kind, account, deployment.region));
      return (
        answers.length > 0 &&
        answers.every(({ item, body }) => item.status === 'complete' && body !== undefined)
      );
    }),
  );
}

function missingDatabases(
  deployment: Deployment,
  resources: readonly PlacedResource[],
): readonly Observation[] {
  const found = resources
    .filter(({ service }) => service === 'rds')
    .map(({ name }) => name.split(':').at(-1));
  return deployment.databases
    .flatMap(({ resource }) => resource ?? [])
    .filter((resource) => !found.includes(resource))
    .map((resource) => ({
      class: 'DATABASE_NOT_FOUND',
      resource,
      values: { promised: deployment.region },
      witness: [],
    }));
}

function positiveOf(service: PlacedService, resources: readonly PlacedResource[], region: string) {
  const own = resources.filter((resource) => resource.service === service && resource.region === region);
  return {
    text: 'PLACED',
    values: { count: own.length, service, region },
    witness: own.slice(0, 10).map(({ name, key }) => ({ label: name, value: key ?? region })),
  };
}
