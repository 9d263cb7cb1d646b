export type { CheckId } from './catalogue.ts';
export { CATALOGUE } from './catalogue.ts';
export type { Check, CheckContext, Outcome } from './check.ts';
export type { CheckRegistry } from './checks/registry.ts';
export { CHECKS } from './checks/registry.ts';
export type { PolicyComparison } from './comparison.ts';
export { comparePolicies } from './comparison.ts';
export type { EvaluationInput } from './evaluate.ts';
export { evaluate } from './evaluate.ts';

export * from './legal.ts';
export type { Policy, PolicyControl, PolicyFile, Waiver, WaiversFile } from './model.ts';
export * from './parse/policy-file.ts';
export type {
  AppliedWaiver,
  Basis,
  BilingualText,
  CanaryResult,
  ControlResult,
  CoverageLine,
  DataSetReference,
  Disclosure,
  Finding,
  PolicyReference,
  Result,
  RunSummary,
  Share,
  Witness,
} from './result.ts';
export * from './selection.ts';
export * from './waivers.ts';
