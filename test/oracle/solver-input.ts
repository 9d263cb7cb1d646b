import type { NetworkSource } from '../../src/analysis/index.ts';
import type { JsonObject } from '../../src/core/index.ts';
import type { Document } from './documents.ts';

/** The same documents as the solver is given them: one source for each account and region. */
export function sourcesOf(documents: readonly Document[]): readonly NetworkSource[] {
  const places = Map.groupBy(documents, ({ account, region }) => `${account}/${region}`);
  return [...places.values()].map((here) => {
    const of = (call: string): readonly Document[] => here.filter((one) => one.call === call);
    return {
      account: here[0]?.account ?? '',
      region: here[0]?.region ?? '',
      list: (_kind, call) => of(call).flatMap(entriesOf),
      answers: (_kind, call) =>
        of(call).map((one) => ({
          parameters: commandLine(one.parameters),
          complete: true,
          body: one.answer as JsonObject,
          entries: entriesOf(one),
        })),
    };
  });
}

/** Every answer holds one list. */
function entriesOf({ answer }: Document): readonly JsonObject[] {
  return Object.values(answer).find((member) => Array.isArray(member)) as readonly JsonObject[];
}

/** Evidence names parameters as the command line does: `PrefixListId` is `prefix-list-id`. */
function commandLine(parameters: Document['parameters']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase(),
      value,
    ]),
  );
}
