import type { Reason } from '../../core/index.ts';
import type { Deployment } from '../../evidence/index.ts';
import { runNeed } from '../../evidence/index.ts';
import type { Check, CheckWords, Observation } from '../check.ts';

/** Which tenancies a region is offered to, and which plan may choose one. */
export interface RegionOfferedParameters {
  readonly offers: readonly { readonly region: string; readonly tenancies: readonly string[] }[];
  readonly planForChoice: string;
}

const WORDS: CheckWords = {
  claim: {
    en: 'The product offers region {region} to this tenancy, and the plan allows the choice',
    zh: '产品向该租赁形态提供 {region} 区域，且所购方案允许该选择',
  },
  findings: {
    REGION_NOT_OFFERED: {
      en: 'Region {region} is not offered to {tenancy} deployments',
      zh: '{region} 区域不提供给 {tenancy} 部署',
    },
    PLAN_FORBIDS_CHOICE: {
      en: 'A single-tenant region was chosen on the {plan} plan; the {needed} plan is needed',
      zh: '以 {plan} 方案选择了单租户区域；须为 {needed} 方案',
    },
    JURISDICTION_MISMATCH: {
      en: 'Region {region} lies in {country}, outside the jurisdiction {jurisdiction}',
      zh: '{region} 区域位于 {country}，不在辖区 {jurisdiction} 内',
    },
  },
  disclosures: {},
  positive: {
    OFFERED: {
      en: '{tenancy} in {region} is a row of the region table',
      zh: '{tenancy} 与 {region} 的组合见于区域表',
    },
  },
  coverage: { DEPLOYMENT: { en: 'Deployment looked up in the region table', zh: '已在区域表中查证的部署' } },
  limitations: {
    alwaysInventory: {
      en: 'Tenancy and plan are those of the inventory; the order form is known by its digest only.',
      zh: '租赁形态与方案取自部署清单；订购单仅以摘要为凭。',
    },
  },
};

export const regionOffered: Check<RegionOfferedParameters> = {
  id: 'region.offered',
  words: WORDS,
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['offers'],
    properties: {
      offers: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['region', 'tenancies'],
          properties: {
            region: { type: 'string', pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$' },
            tenancies: {
              type: 'array',
              minItems: 1,
              uniqueItems: true,
              items: { enum: ['cloud', 'single-tenant', 'private'] },
            },
          },
        },
      },
      planForChoice: { enum: ['standard', 'enterprise'], default: 'enterprise' },
    },
  },
  needs: () => [runNeed('run.inventory')],
  evaluate: (_view, { parameters, deployment, locator }) => {
    const country = locator.regionCountry(deployment.region);
    const findings = [...offerFindings(parameters, deployment), ...jurisdictionFindings(deployment, country)];
    const reasons: readonly Reason[] =
      country === undefined
        ? [
            {
              code: 'UNKNOWN_VALUE',
              scope: deployment.region,
              detail: 'the address data does not know this region',
            },
          ]
        : needsOrderForm(deployment) && deployment.orderForm === undefined
          ? [
              {
                code: 'NOT_COLLECTED',
                scope: 'order form',
                detail: 'the inventory holds no digest of the order form that shows the plan',
              },
            ]
          : [];
    return {
      findings,
      reasons,
      disclosed: [],
      coverage: [{ what: 'DEPLOYMENT', examined: 1, expected: 1 }],
      positive: findings.some((finding) => finding.class === 'REGION_NOT_OFFERED')
        ? []
        : [
            {
              text: 'OFFERED',
              values: { tenancy: deployment.tenancy, region: deployment.region },
              witness: [
                { label: 'plan', value: deployment.plan },
                ...(deployment.orderForm === undefined
                  ? []
                  : [{ label: 'order form SHA-256', value: deployment.orderForm }]),
              ],
            },
          ],
    };
  },
  canary: ({ parameters, deployment }) => {
    const nowhere = { ...deployment, region: 'xx-nowhere-1' };
    return [{ id: 'region-not-in-the-table', caught: offerFindings(parameters, nowhere).length > 0 }];
  },
};

/** The region of a single-tenant deployment is a choice that a plan must allow. */
function needsOrderForm({ tenancy }: Deployment): boolean {
  return tenancy === 'single-tenant';
}

function offerFindings(
  { offers, planForChoice }: RegionOfferedParameters,
  deployment: Deployment,
): readonly Observation[] {
  const { region, tenancy, plan } = deployment;
  const offered = offers.some((offer) => offer.region === region && offer.tenancies.includes(tenancy));
  const witness = [{ label: 'inventory', value: `${tenancy} ${region} ${plan}` }];
  const wrongRegion: Observation = {
    class: 'REGION_NOT_OFFERED',
    resource: deployment.id,
    values: { region, tenancy },
    witness,
  };
  const wrongPlan: Observation = {
    class: 'PLAN_FORBIDS_CHOICE',
    resource: deployment.id,
    values: { plan, needed: planForChoice },
    witness,
  };
  return [
    ...(offered ? [] : [wrongRegion]),
    ...(needsOrderForm(deployment) && plan !== planForChoice ? [wrongPlan] : []),
  ];
}

function jurisdictionFindings(deployment: Deployment, country: string | undefined): readonly Observation[] {
  if (country === undefined || deployment.jurisdiction.includes(country)) return [];
  const values = { region: deployment.region, country, jurisdiction: deployment.jurisdiction.join(', ') };
  return [{ class: 'JURISDICTION_MISMATCH', resource: deployment.id, values, witness: [] }];
}
