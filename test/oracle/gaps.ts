import type { Disposition, Outcome } from './packet.ts';

/**
 * What the solver is known to say less exactly than AWS works. Every one of them errs towards "it can" or "nobody
 * knows"; one that erred the other way would be an error, not an entry here. To close one, delete it.
 */
export interface Gap {
  readonly what: string;
  /** A piece of the oracle's reason, or of what the solver says. */
  readonly oracle?: string;
  readonly solver?: string;
}

const GAPS: readonly Gap[] = [
  { what: 'IPv6 blocks of a peer that nobody lists may be anything', oracle: 'not in the peer VPC' },
  {
    what: 'an attachment without a table is taken for one whose table nobody listed',
    oracle: 'the attachment is associated with no table',
    solver: 'which route table decides for it is not described',
  },
  {
    what: 'where no network ACL was listed at all, a single path is answered as if they were open',
    solver: 'no network ACL was listed where it is',
  },
  {
    what: 'an unlisted prefix list might take what stays inside the VPC',
    solver: 'the entries of prefix list',
  },
];

/** The gap that a disagreement is owed to, if the solver erred to the safe side. */
export function gapOf(
  { reason }: Outcome,
  said: Disposition | 'yes' | 'unsure' | 'no',
  detail: string,
): Gap | undefined {
  if (['denied', 'blackhole', 'no-route', 'no'].includes(said)) return undefined;
  return GAPS.find(
    ({ oracle, solver }) =>
      (oracle !== undefined && reason.includes(oracle)) || (solver !== undefined && detail.includes(solver)),
  );
}
