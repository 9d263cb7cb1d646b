/** What a call does instead of, or before, answering. */
export type Behaviour =
  | { readonly kind: 'deny' | 'deny-by-scp' | 'expired-token' | 'skewed-clock' | 'unsupported' }
  /** Any error of AWS by its code. */
  | { readonly kind: 'error'; readonly code: string; readonly status: number }
  /** Refused for the first so many requests, or for ever. */
  | { readonly kind: 'throttle'; readonly times?: number }
  | { readonly kind: 'latency'; readonly milliseconds: number }
  /** No answer at all, or one that stops in the middle and stays open. */
  | { readonly kind: 'hang' | 'hang-in-body' }
  /** A whole answer by HTTP's count whose document ends in the middle. */
  | { readonly kind: 'cut' }
  /** A success without a body. */
  | { readonly kind: 'empty' }
  /** The connection breaks before the answer, or in the middle of it. */
  | { readonly kind: 'reset' | 'reset-in-body' }
  /** What a proxy or a captive portal says. */
  | { readonly kind: 'html'; readonly status: number }
  /** S3 says that the bucket lies elsewhere. */
  | { readonly kind: 'redirect'; readonly region: string }
  /** Every page names the same next page. */
  | { readonly kind: 'endless' };

/** Which requests a behaviour is for. What is absent matches all. */
export interface BehaviourRule {
  /** As `ec2:DescribeVpcs`. */
  readonly call?: string;
  readonly account?: string;
  readonly page?: 'first' | 'later';
  readonly behaviour: Behaviour;
}

/** What is known of a request when its behaviour is chosen. */
export interface AskedCall {
  readonly call: string;
  readonly account: string;
  readonly region: string;
  readonly isFirstPage: boolean;
}

/** The rules of a running endpoint; a `throttle` counts its requests. */
export interface Behaviours {
  readonly add: (rule: BehaviourRule) => void;
  readonly clear: () => void;
  readonly of: (asked: AskedCall) => readonly Behaviour[];
}

export function createBehaviours(): Behaviours {
  let rules: readonly BehaviourRule[] = [];
  let used = new Map<BehaviourRule, number>();
  const isLeft = (rule: BehaviourRule): boolean =>
    rule.behaviour.kind !== 'throttle' || (used.get(rule) ?? 0) < (rule.behaviour.times ?? Infinity);
  return {
    add: (rule) => {
      rules = [...rules, rule];
    },
    clear: () => {
      rules = [];
      used = new Map();
    },
    of: (asked) => {
      const chosen = rules.filter((rule) => matches(rule, asked) && isLeft(rule));
      for (const rule of chosen) used.set(rule, (used.get(rule) ?? 0) + 1);
      return chosen.map(({ behaviour }) => behaviour);
    },
  };
}

function matches({ call, account, page }: BehaviourRule, asked: AskedCall): boolean {
  return (
    (call === undefined || call === asked.call) &&
    (account === undefined || account === asked.account) &&
    (page === undefined || (page === 'first') === asked.isFirstPage)
  );
}
