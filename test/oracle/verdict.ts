import { solveNetwork } from '../../src/analysis/index.ts';
import { EMPTY_SET } from '../../src/core/index.ts';
import type { EvidenceView } from '../../src/evidence/index.ts';
import type { Locator } from '../../src/geo/index.ts';
import { networkEgress } from '../../src/policy/checks/network-egress.ts';
import type { Document } from './documents.ts';
import { sourcesOf } from './solver-input.ts';

/** The region that the model is in. */
const HOME = 'home';

/** Everything outside the model is abroad: the strictest world for a network to pass in. */
const ABROAD: Locator = {
  locate: () => ({ kind: 'located', country: 'US', sources: [] }),
  regionCountry: (region) => (region === HOME ? 'CN' : 'US'),
  regionAddresses: () => EMPTY_SET,
  place: (addresses) => ({ inside: EMPTY_SET, outside: addresses, unsure: EMPTY_SET, special: EMPTY_SET }),
  dataSets: [],
};

/** What `network.egress` says of a network whose evidence is complete: nothing found and nothing unknown is a pass. `only`: one class of traffic, the others being disclosed. */
export function passesEgress(documents: readonly Document[], only?: 'initiated' | 'reply'): boolean {
  // Nothing changed while it was read, and nothing refers to what was not asked for.
  const network = { ...solveNetwork(sourcesOf(documents)), changes: [], referred: [], empty: [] };
  const view = { fact: () => network } as unknown as EvidenceView;
  const { findings, reasons } = networkEgress.evaluate(view, {
    parameters: {
      initiated: only === 'reply' ? 'disclose' : 'fail',
      reply: only === 'initiated' ? 'disclose' : 'fail',
      resolver: 'disclose',
    },
    countries: ['CN'],
    deployment: { region: HOME },
    locator: ABROAD,
  } as unknown as Parameters<typeof networkEgress.evaluate>[1]);
  return findings.length === 0 && reasons.length === 0;
}
