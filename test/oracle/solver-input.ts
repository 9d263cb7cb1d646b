import type { NetworkSource } from '../../src/analysis/index.ts';
import type { JsonObject } from '../../src/core/index.ts';
import type { Document } from './documents.ts';

/** The same documents as the solver is given them: one source for each account and region. */
export function sourcesOf(documents: readonly Document[]): readonly NetworkSource[] {
  const places = Map.groupBy(documents, ({ account, region }) => `${account}/${region}`);
  return [...places.values()].map((here) => ({
    account: here[0]?.account ?? '',
    region: here[0]?.region ?? '',
    list: (_kind, call) => here.filter((one) => one.call === call).flatMap(entriesOf),
    prefixListEntries: new Map(
      here
        .filter(({ call }) => call === 'ec2:GetManagedPrefixListEntries')
        .map(({ parameters, answer }) => [
          parameters['PrefixListId'] ?? '',
          (answer['Entries'] as readonly { readonly Cidr: string }[]).map(({ Cidr }) => Cidr),
        ]),
    ),
  }));
}

/** Every answer holds one list. */
function entriesOf({ answer }: Document): readonly JsonObject[] {
  return Object.values(answer).find((member) => Array.isArray(member)) as readonly JsonObject[];
}
