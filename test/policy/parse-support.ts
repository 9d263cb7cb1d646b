import {
  locateYaml,
  projectSchema,
  readLegalTexts,
  readPolicyFiles,
  validateJson,
} from '../../src/config/index.ts';
import type { LocatedDocument } from '../../src/core/index.ts';
import { DomicileError } from '../../src/core/index.ts';
import { isCountryCode } from '../../src/geo/index.ts';
import type { CheckId } from '../../src/policy/catalogue.ts';
import { parseLegalTexts } from '../../src/policy/legal.ts';
import type { Policy } from '../../src/policy/model.ts';
import type { ParsedCheck, PolicyEnvironment } from '../../src/policy/parse/environment.ts';
import { offeredRegions, parsePolicies } from '../../src/policy/parse/policy-file.ts';

const JUDGED = { enum: ['fail', 'disclose'], default: 'fail' } as const;

/** Checks with the parameters that the policies of the project use; the real ones are tested with their owners. */
const CHECKS: readonly ParsedCheck[] = [
  check('region.offered', { offers: { type: 'array' }, planForChoice: { type: 'string' } }),
  check('placement.resources', { services: { type: 'array', items: { type: 'string' } }, encrypted: JUDGED }),
  check('network.egress', { initiated: JUDGED, reply: JUDGED, resolver: JUDGED }),
  {
    ...check('flows.egress', { initiated: JUDGED, reply: JUDGED }),
    flagsNothing: ({ initiated, reply }) =>
      initiated === 'disclose' && reply === 'disclose' ? 'both classes are only disclosed' : undefined,
  },
  check('flows.coverage', { quiet: { enum: ['tell', 'inconclusive'], default: 'tell' } }),
  check('images.origin', {}),
  check('content.closed-schema', {}),
  check('content.absent', {}),
  check('content.keys-encrypted', {}),
  check('self.egress', {}),
];

function check(id: CheckId, properties: Readonly<Record<string, unknown>>): ParsedCheck {
  return { id, parameters: { type: 'object', additionalProperties: false, properties } };
}

export const ENVIRONMENT: PolicyEnvironment = {
  checks: new Map(CHECKS.map((one) => [one.id, one])),
  regions: offeredRegions(readPolicyFiles()),
  deployments: new Set(['acme-cn']),
  isCountryCode,
  legalTexts: parseLegalTexts(readLegalTexts()),
  validate: validateJson,
};

function policyDocument(text: string, file = 'policy.yaml'): LocatedDocument {
  return locateYaml({ file, bytes: new TextEncoder().encode(text) }, projectSchema('policy'));
}

export function parse(...texts: readonly string[]): readonly Policy[] {
  return parsePolicies(
    texts.map((text, index) => policyDocument(text, `${index + 1}.yaml`)),
    ENVIRONMENT,
  );
}

/** The lines of the error that `run` throws; none where it throws nothing. */
export function faultsOf(run: () => unknown): readonly string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof DomicileError && error.code === 'BAD_INPUT') return error.message.split('\n');
    throw error;
  }
}

/** A small policy that has no fault; each test changes one line of it. */
export const GOOD = `apiVersion: domicile/v1
kind: Policy
metadata: { id: china-stack, version: 1.0.0, title: { en: China, zh: 中国 } }
appliesTo: { regions: [cn-north-1], deployments: [acme-cn] }
jurisdiction: { countries: [CN] }
controls:
  - id: no-egress
    title: { en: No flow left, zh: 未发现出境网络流量 }
    basis: [{ law: PIPL, article: "38" }]
    severity: critical
    check: flows.egress
    with: { reply: disclose }
`;
