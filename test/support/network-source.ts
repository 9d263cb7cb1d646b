import type { NetworkSource } from '../../src/analysis/index.ts';
import type { JsonObject } from '../../src/core/index.ts';
import type { EvidenceKind } from '../../src/evidence/index.ts';
import { listMember } from '../../src/evidence/index.ts';

/** One answer of a call that repeats for ids. */
export interface RepeatedAnswer {
  readonly call: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** A network source from plain answers: lists by call, and what repeats for ids. */
export function sourceOfAnswers(
  lists: Readonly<Record<string, readonly JsonObject[]>>,
  repeated: readonly RepeatedAnswer[] = [],
  place: { readonly account: string; readonly region: string } = {
    account: '111111111111',
    region: 'eu-central-1',
  },
): NetworkSource {
  return {
    ...place,
    list: (_kind, call) => lists[call] ?? [],
    answers: (kind, call) => [
      ...listed(lists, kind, call),
      ...repeated
        .filter((one) => one.call === call)
        .map(({ parameters, body }) => ({
          parameters,
          complete: true,
          body,
          entries: (body[listMember(kind, call)] ?? []) as readonly JsonObject[],
        })),
    ],
  };
}

/** A listing that was read whole; none where the call was not made. */
function listed(
  lists: Readonly<Record<string, readonly JsonObject[]>>,
  kind: EvidenceKind,
  call: string,
): ReturnType<NetworkSource['answers']> {
  const entries = lists[call];
  if (entries === undefined) return [];
  return [{ parameters: {}, complete: true, body: { [listMember(kind, call)]: entries }, entries }];
}
