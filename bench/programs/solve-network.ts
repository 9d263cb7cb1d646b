import { solveNetwork } from '../../src/analysis/index.ts';
import { loadAddressData, projectFile } from '../../src/config/index.ts';
import { allAddresses, formatPrefix, toPrefixes } from '../../src/core/index.ts';
import { createLocator } from '../../src/geo/index.ts';
import { judgeLeaving } from '../../src/policy/checks/network-egress-judge.ts';
import { bigNetwork } from '../data/big-network.ts';

/**
 * Everything that can leave a generated hub and spokes, judged against a country's real prefixes.
 * Usage: solve-network.ts SHARE; 1 is 1,000 VPCs, 20,000 interfaces, 50,000 routes and rules; 0 measures the
 * reading of the address data alone. Prints how much was found and how much was decided.
 */
const share = Number(process.argv[2] ?? '1');
const countries = ['CN'];
const locator = createLocator(await loadAddressData(projectFile('data', 'addresses')));
const inside = locator.place(allAddresses(4), countries).inside;
const prefixes = toPrefixes(inside).map(formatPrefix);
if (share > 0) {
  const size = { vpcs: 1000 * share, interfaces: 20_000 * share, rules: 50_000 * share };
  const egress = solveNetwork([bigNetwork(size, prefixes)]);
  const { seen, reasons } = judgeLeaving(egress, {
    locator,
    countries,
    parameters: { initiated: 'fail', reply: 'disclose', resolver: 'disclose' },
  });
  const decided = egress.classes.filter(({ unknowns }) => unknowns.length === 0);
  const count = (classes: readonly (typeof decided)[number][]): number =>
    classes.reduce((sum, { interfaces }) => sum + interfaces.length, 0);
  console.log(
    JSON.stringify({
      prefixes: prefixes.length,
      interfaces: count(egress.classes),
      decided: count(decided),
      findings: seen.length,
      reasons: reasons.length,
    }),
  );
}
