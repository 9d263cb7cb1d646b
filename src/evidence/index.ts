export { textsAt } from './answer-path.ts';
export type { AuditorPlace } from './auditor.ts';
export { CUSTOM_ENDPOINT_RULE } from './auditor.ts';
export type { SharedCall } from './calls.ts';
export { listMember, sharedCalls, withOrigins } from './calls.ts';
export type {
  CatalogColumn,
  CatalogLinks,
  CatalogRelation,
  CatalogRole,
  CatalogServer,
  PostgresCatalog,
  RelationKind,
} from './catalog.ts';
export type { Completeness, FreshnessLimits } from './completeness.ts';
export { completeness, isAbsentService } from './completeness.ts';
export type {
  ClassCount,
  ContentAggregate,
  ContentClass,
  JsonType,
  PathContent,
  ReducerCanary,
  RowLocator,
  TableContent,
  TableStatus,
  ViolationClass,
} from './content-aggregate.ts';
export {
  CONTENT_CLASSES,
  CONTENT_REDUCTION,
  contentReducedWith,
  LENGTH_BOUNDS,
  MAX_ROWS_NAMED,
  TABLE_STATUSES,
  VIOLATION_CLASSES,
} from './content-aggregate.ts';
export { EMPTY_CONTENT, firstRows, mergeContent } from './content-merge.ts';
export type { AwsKind, EvidenceKind, FlowLogKind, PostgresKind, RunKind } from './evidence-kind.ts';
export type {
  FlowAggregate,
  FlowPort,
  FlowRow,
  InterfaceLog,
  ListedLogObject,
  LogListing,
  LogObjectRead,
  LogSpan,
  MalformedLine,
  TcpRole,
} from './flow-aggregate.ts';
export {
  EMPTY_FLOWS,
  isLogObjectOf,
  unionOfSpans,
} from './flow-aggregate.ts';
export { mergeFlowAggregates } from './flow-merge.ts';
export type {
  CiphertextScheme,
  DataClass,
  DataMap,
  DataMapColumn,
  DataMapTable,
  IdentifierPattern,
  ServedPromise,
} from './generated/data-map.ts';
export type { Deployment } from './generated/inventory.ts';
export { checkedBytes, sealDraft } from './item.ts';
export type { CallSpec, FanOut, KindSpec, Projection } from './kind-spec.ts';
export { KINDS } from './kinds.ts';
export type { EvidenceProblem, LoadedEvidence, LoadedItem } from './loaded.ts';
export { loadEvidence } from './loaded.ts';
export type { ViewSource } from './loaded-view.ts';
export { createView, itemsOf } from './loaded-view.ts';
export type { LogDay, LogLayout } from './log-layout.ts';
export { flowLogRoot, logDays, logLayouts } from './log-layout.ts';
export { createMemoryStore, manifestOf } from './memory-store.ts';
export type {
  EvidenceItem,
  EvidenceKey,
  EvidenceStatus,
  Manifest,
  PathCount,
  Provenance,
  ReducedWith,
} from './model.ts';
export type { Need, Phase } from './need.ts';
export { awsNeed, needName, referredNeed, runNeed, targetNeed } from './need.ts';
export { isClosedMap, isOpenClass } from './open-class.ts';
export { parseManifest } from './parse-manifest.ts';
export type { CollectionPlan, PlannedCall } from './plan.ts';
export { accountsOf, planOf } from './plan.ts';
export type { IamPolicy, IamStatement } from './plan-iam.ts';
export { iamPolicyOf } from './plan-iam.ts';
export { exportScriptOf } from './plan-script.ts';
export type { Projected } from './project.ts';
export { project } from './project.ts';
export type { EvidenceDraft, EvidenceStore } from './store.ts';
export type { EvidenceAnswer, EvidenceView, Fact } from './view.ts';
