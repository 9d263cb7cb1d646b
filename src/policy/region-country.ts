import type { Reason } from '../core/index.ts';
import type { CheckContext } from './check.ts';

/**
 * Why nothing that stays in the deployment's region stays in the allowed countries: the region itself lies
 * elsewhere, or nobody knows where. Checks of what leaves would else pass for data that is abroad already.
 */
export function regionReasons({
  deployment,
  countries,
  locator,
}: Pick<CheckContext<unknown>, 'deployment' | 'countries' | 'locator'>): readonly Reason[] {
  const country = locator.regionCountry(deployment.region);
  if (country !== undefined && countries.includes(country)) return [];
  const detail =
    country === undefined
      ? 'the address data does not know where this region is'
      : `the region itself lies in ${country}`;
  return [{ code: 'LOCATION_DISPUTED', scope: deployment.region, detail }];
}
