import type { JsonObject } from '../../core/index.ts';
import { byCodeUnit, canonicalJson } from '../../core/index.ts';
import { LISTINGS } from './build-network.ts';
import { textOf } from './json-fields.ts';
import type { Problem } from './model.ts';
import type { NetworkSource } from './network-source.ts';

/**
 * What was different when the run ended: an object that came, went or changed. Nobody can say what the network
 * let through in between, whatever either snapshot lets through.
 */
export function changesBetween(start: NetworkSource, end: NetworkSource): readonly Problem[] {
  return Object.values(LISTINGS).flatMap(([kind, call, member]) => {
    const before = textsById(start.list(kind, call), member);
    const after = textsById(end.list(kind, call), member);
    return [...new Set([...before.keys(), ...after.keys()])]
      .filter((id) => before.get(id) !== after.get(id))
      .sort(byCodeUnit)
      .map((object): Problem => {
        const what = !before.has(object) ? 'came' : !after.has(object) ? 'went' : 'changed';
        return { code: 'CHANGED_DURING_SCAN', object, detail: `it ${what} while the run read the network` };
      });
  });
}

function textsById(objects: readonly JsonObject[], member: string): ReadonlyMap<string, string> {
  return new Map(objects.map((object) => [textOf(object, member), canonicalJson(object)]));
}
