import type { JsonObject } from '../core/index.ts';
import type { CheckId } from './catalogue.ts';
import type { AppliesTo } from './generated/policy.ts';
import type { BilingualText, ControlResult } from './result.ts';

export type { AppliesTo, PolicyFile, PolicyFileControl } from './generated/policy.ts';
export type { Waiver, WaiversFile } from './generated/waivers.ts';

/** A policy after parsing: everything that it names exists, defaults are filled in, articles are looked up. */
export interface Policy {
  readonly id: string;
  readonly version: string;
  readonly title: BilingualText;
  /** Of the exact bytes of the policy's file. */
  readonly sha256: string;
  /** The file's name, for messages. */
  readonly file: string;
  readonly appliesTo: AppliesTo;
  /** Countries in which data must stay; without them, those of the deployment's jurisdiction. */
  readonly countries?: readonly string[];
  readonly controls: readonly PolicyControl[];
}

/** One promise as a policy holds it: a check, its parameters, how bad a failure is, and which articles it serves. */
export interface PolicyControl {
  /** Unique within the policy; reports and waivers name it `policyId/controlId`. */
  readonly id: string;
  readonly title: BilingualText;
  readonly severity: ControlResult['severity'];
  readonly check: CheckId;
  /** By the check's own schema, defaults filled in; empty where the check is not implemented. */
  readonly parameters: JsonObject;
  readonly legal: ControlResult['legal'];
}
