import type { ValidateSchema } from '../../core/index.ts';
import type { CheckId } from '../catalogue.ts';
import type { Check } from '../check.ts';
import type { LegalTexts } from '../legal.ts';

/** What the parser asks of a check: its parameter schema, and whether parameters could flag anything. */
export type ParsedCheck = Pick<Check, 'id' | 'parameters' | 'flagsNothing'>;

/**
 * Everything that a policy may name. A policy that names anything else is refused, so that a mistyped word
 * is an error and never a control that silently looks at nothing.
 */
export interface PolicyEnvironment {
  /** The checks that are built. A check of the catalogue that is not here takes no parameters. */
  readonly checks: ReadonlyMap<CheckId, ParsedCheck>;
  /** The regions of the region table (`offeredRegions`). */
  readonly regions: ReadonlySet<string>;
  /** Ids of the inventory's deployments. */
  readonly deployments: ReadonlySet<string>;
  readonly isCountryCode: (code: string) => boolean;
  readonly legalTexts: LegalTexts;
  /** Checks parameters against a check's schema and fills in its defaults. */
  readonly validate: ValidateSchema;
}
