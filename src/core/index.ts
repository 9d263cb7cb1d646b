export { byCodeUnit, canonicalBytes, canonicalJson } from './canonical-json.ts';
export type { Clock, Instant, TimeWindow } from './clock.ts';
export { parseInstant, toInstant } from './clock.ts';
export { digestOf, sha256Hex } from './digest.ts';
export type { ErrorCode, Fault, SourcePosition } from './errors.ts';
export { DomicileError, formatFault, unreachable } from './errors.ts';
export type { Address, Prefix } from './ip-address.ts';
export {
  formatAddress,
  formatPrefix,
  lastOf,
  parseAddress,
  parsePrefix,
  prefixContains,
} from './ip-address.ts';
export type { AddressRange, IpSet } from './ip-set.ts';
export {
  allAddresses,
  complement,
  containsAddress,
  EMPTY_SET,
  equalSets,
  firstAddress,
  firstCommonAddress,
  intersect,
  isEmptySet,
  isSubset,
  setOfAddress,
  setOfPrefixes,
  setOfRanges,
  sizeOfSet,
  subtract,
  toPrefixes,
  union,
  unionAll,
} from './ip-set.ts';
export type { Json, JsonObject } from './json.ts';
export { isJsonArray, isJsonObject } from './json.ts';
export { hasRepeatedMember } from './json-members.ts';
export type {
  CheckedValue,
  DocumentPart,
  DocumentPath,
  LocatedDocument,
  SchemaProblem,
  ValidateSchema,
} from './located.ts';
export { assertNoFaults } from './located.ts';
export type { Reason, ReasonCode } from './reason.ts';
export { REASON_CODES } from './reason.ts';
export type { ControlVerdict, DeploymentVerdict, VerdictInput } from './verdict.ts';
export { controlVerdict, rollUp, worstVerdict } from './verdict.ts';
