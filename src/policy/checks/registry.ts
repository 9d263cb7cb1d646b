import type { CheckId } from '../catalogue.ts';
import type { Check } from '../check.ts';
import { contentAbsent } from './content-absent.ts';
import { contentClosedSchema } from './content-closed-schema.ts';
import { contentKeysEncrypted } from './content-keys-encrypted.ts';
import { flowsCoverage } from './flows-coverage.ts';
import { flowsEgress } from './flows-egress.ts';
import { imagesOrigin } from './images-origin.ts';
import { networkEgress } from './network-egress.ts';
import { placementResources } from './placement-resources.ts';
import { regionOffered } from './region-offered.ts';
import { selfEgress } from './self-egress.ts';

/** The checks that this version builds, by id. An id of the catalogue that is not here is not implemented. */
export type CheckRegistry = ReadonlyMap<CheckId, Check>;

const ALL: readonly Check<never>[] = [
  regionOffered,
  placementResources,
  networkEgress,
  flowsEgress,
  flowsCoverage,
  imagesOrigin,
  contentClosedSchema,
  contentAbsent,
  contentKeysEncrypted,
  selfEgress,
];

/** Each check knows its own parameters; the parser has held a policy's against the check's schema before they come here. */
export const CHECKS: CheckRegistry = new Map(ALL.map((check) => [check.id, check as unknown as Check]));
