import type { EvidenceKind } from './evidence-kind.ts';

/**
 * Which members of an answer may be kept: an allow-list in the answer's own shape. `true` keeps a scalar,
 * `[P]` a list, an object its named members; a member `*` stands for every key of a map, such as zones are. Everything else is dropped and counted by path, since
 * environment values, user data and request parameters can hold secrets. Of the entries of a call's own list the
 * first member named is the id that AWS never leaves out: an entry without it is no entry of this call. A pattern
 * keeps a text only where it matches: in free text that people may write, what AWS itself writes.
 */
export type Projection = true | RegExp | readonly [Projection] | { readonly [member: string]: Projection };

/**
 * A call made for each id that another call listed.
 *
 * `ids` is a path in the answers of `from`, as `Buckets[].Name`. The child names the id in its `parameter`;
 * where its answer holds the id itself, `answered` is the path to it, so that an exported file without its
 * command still counts. `batch` is how many ids one call takes; where it is absent, the parameter takes one.
 * `carries` names a parameter of `from` that the child must repeat: services are described within a cluster.
 */
export interface FanOut {
  readonly from: string;
  readonly ids: string;
  readonly parameter: string;
  readonly answered?: string;
  readonly batch?: number;
  readonly carries?: string;
  /** The answer may hold nothing, and then names no id: what its command asked about is answered all the same. */
  readonly mayBeNone?: true;
}

/** One read-only call: what to ask, what it takes, and what of the answer is kept. */
export interface CallSpec {
  /** As `ec2:DescribeVpcs`. */
  readonly call: string;
  /** As `ec2 describe-vpcs`. */
  readonly cli: string;
  readonly iam: readonly string[];
  /** The top-level member of the answer by which an exported file is recognised, as `Vpcs`. */
  readonly member: string;
  readonly projection: Projection;
  /** Whether an answer without the member is an answer: that the thing is not configured. */
  readonly mayBeEmpty?: true;
  /** Where the call repeats for listed ids. Several origins: the union of their ids. */
  readonly forEach?: readonly FanOut[];
  /** What every such call asks besides ids: as command-line text, and as members of the API's input. */
  readonly fixed?: {
    readonly cli: string;
    readonly input: Readonly<Record<string, string | readonly object[]>>;
    /** The option without whose value a command asks something else. */
    readonly selects?: string;
  };
}

/** One evidence kind. It is complete only if its listings and every listed child are. */
export interface KindSpec {
  readonly kind: EvidenceKind;
  readonly source: 'aws' | 'postgres' | 'flow-logs' | 'run';
  readonly calls: readonly CallSpec[];
  /**
   * Partitions whose regions have no such service (botocore, endpoints.json). Where its endpoint is not found there,
   * that is an answer: there is none of it. Any other failure is none.
   */
  readonly absentFrom?: readonly string[];
  /**
   * Partitions whose regions may not offer what the calls are about, though they have the service. Where they answer
   * that there is no such action or that it is not supported, there is none of it.
   */
  readonly notOfferedIn?: readonly string[];
  /** What the reader must be granted, where it is not an AWS call. */
  readonly grants: readonly string[];
}
