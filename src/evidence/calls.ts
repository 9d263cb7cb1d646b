import { DomicileError } from '../core/index.ts';
import type { EvidenceKind } from './evidence-kind.ts';
import type { CallSpec, FanOut } from './kind-spec.ts';
import { KINDS } from './kinds.ts';

/** One call that several kinds may share: it is made once, and each kind keeps its own projection of the answer. */
export interface SharedCall {
  /** As `ec2:DescribeVpcs`. */
  readonly call: string;
  readonly cli: string;
  readonly uses: readonly { readonly kind: EvidenceKind; readonly spec: CallSpec }[];
  /** Where its ids come from: the origins of all uses. Empty for a listing. */
  readonly forEach: readonly FanOut[];
}

/** The kinds together with those that list the ids of their calls: without the listing nobody knows the children. */
export function withOrigins(kinds: readonly EvidenceKind[]): readonly EvidenceKind[] {
  const found = new Set(kinds);
  for (const kind of found) {
    const calls = callsOf([...found]);
    for (const { from } of originsOf(kind)) {
      const lister = calls.has(from) ? undefined : listerOf(from);
      // A set that grows is iterated to its end.
      if (lister !== undefined) found.add(lister);
    }
  }
  return [...found];
}

/** Every call of the kinds once, listings before what they list ids for. */
export function sharedCalls(kinds: readonly EvidenceKind[]): readonly SharedCall[] {
  const ordered = new Map<string, SharedCall>();
  const calls = callsOf(kinds);
  const add = (call: string): void => {
    const uses = calls.get(call);
    if (uses === undefined || ordered.has(call)) return;
    const forEach = distinctOrigins(uses.flatMap(({ spec }) => spec.forEach ?? []));
    for (const { from } of forEach) add(from);
    ordered.set(call, { call, cli: uses[0]?.spec.cli ?? '', uses, forEach });
  };
  for (const call of calls.keys()) add(call);
  return [...ordered.values()];
}

function callsOf(kinds: readonly EvidenceKind[]): ReadonlyMap<string, SharedCall['uses']> {
  return Map.groupBy(
    kinds.flatMap((kind) => (KINDS.get(kind)?.calls ?? []).map((spec) => ({ kind, spec }))),
    ({ spec }) => spec.call,
  );
}

function originsOf(kind: EvidenceKind): readonly FanOut[] {
  return (KINDS.get(kind)?.calls ?? []).flatMap(({ forEach }) => forEach ?? []);
}

/** The kind that brings a call: the first of the table that has it. */
function listerOf(call: string): EvidenceKind | undefined {
  return [...KINDS].find(([, { calls }]) => calls.some((spec) => spec.call === call))?.[0];
}

function distinctOrigins(origins: readonly FanOut[]): readonly FanOut[] {
  return [...new Map(origins.map((one) => [`${one.from} ${one.ids} ${one.parameter}`, one])).values()];
}

/**
 * The member of an answer that holds the entries of a call's list.
 *
 * @throws DomicileError `UNDECLARED_EVIDENCE` for a call that the kind does not make.
 */
export function listMember(kind: EvidenceKind, call: string): string {
  const member = KINDS.get(kind)?.calls.find((spec) => spec.call === call)?.member;
  if (member === undefined) {
    throw new DomicileError('UNDECLARED_EVIDENCE', `expected a call of ${kind}, found ${call}`);
  }
  return member;
}
