import type { Project } from '../audit/index.ts';
import { byCodeUnit, DomicileError } from '../core/index.ts';
import type { ScheduleEntry } from './queue/schedules.ts';

type Served = Project['deployments'][number];

/** How a jurisdiction is written, and its queue named: `CN`, or `DE+FR` where a deployment may be in either. */
export function jurisdictionName(countries: readonly string[]): string {
  return [...countries].sort(byCodeUnit).join('+');
}

/** Every jurisdiction of an inventory, with its deployments. */
export function byJurisdiction(deployments: readonly Served[]): ReadonlyMap<string, readonly Served[]> {
  return Map.groupBy(deployments, ({ jurisdiction }) => jurisdictionName(jurisdiction));
}

/**
 * The deployments that a worker of a jurisdiction serves: those with exactly its countries, so that each has one
 * queue and no worker is handed what it may not see.
 *
 * @throws DomicileError `BAD_INPUT` where there are none.
 */
export function deploymentsOf(
  { deployments }: Pick<Project, 'deployments'>,
  jurisdiction: readonly string[],
): readonly Served[] {
  const all = byJurisdiction(deployments);
  const served = all.get(jurisdictionName(jurisdiction));
  if (served !== undefined) return served;
  throw new DomicileError('BAD_INPUT', {
    message: `expected a jurisdiction of the inventory, found ${jurisdictionName(jurisdiction).slice(0, 40)}`,
    hint: `the inventory has ${[...all.keys()].slice(0, 20).join(', ')}`,
  });
}

export function scheduleEntries(deployments: readonly Served[]): readonly ScheduleEntry[] {
  return deployments.map(({ id, schedule }) => ({
    deployment: id,
    cron: schedule.cron,
    timeZone: schedule.timeZone,
  }));
}
