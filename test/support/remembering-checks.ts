import type { CheckContext, CheckRegistry } from '../../src/policy/index.ts';

/** Checks that read bodies and nothing else of an item: for them an item without a body is the same whatever its status. */
const BODY_READERS: ReadonlySet<string> = new Set(['network.egress']);

/**
 * The same checks, each remembering its last answers: an outcome follows from the items that a check was shown
 * and from its context, and a law that takes one item away at a time asks most checks the same thing again.
 * Items are told apart as objects, or, where evidence is collected again and nobody changes it, by their digests.
 */
export function rememberingChecks(
  checks: CheckRegistry,
  identify: 'by-object' | 'by-digest' = 'by-object',
): CheckRegistry {
  const numbers = new WeakMap<object, number>();
  let count = 0;
  const numberOf = (value: object): number => {
    const known = numbers.get(value);
    if (known !== undefined) return known;
    numbers.set(value, ++count);
    return count;
  };
  const contextKey = ({ deployment, window, parameters, countries }: CheckContext<object>): string =>
    identify === 'by-digest'
      ? JSON.stringify([deployment, parameters, window, countries])
      : [deployment, parameters].map(numberOf).join(' ') + JSON.stringify([window, countries]);

  return new Map(
    [...checks].map(([id, check]) => {
      const outcomes = new Map<string, ReturnType<typeof check.evaluate>>();
      const canaries = new Map<string, ReturnType<typeof check.canary>>();
      return [
        id,
        {
          ...check,
          evaluate: (view, context) => {
            const shown = check.needs(context.parameters, context.deployment).map(view.answers).flat();
            const seen =
              identify === 'by-digest'
                ? shown.map(({ item }) => `${item.id} ${item.sha256} ${item.status}`)
                : BODY_READERS.has(id)
                  ? shown.map(
                      ({ item, body }) => `${item.id} ${isObject(body) ? numberOf(body) : String(body)}`,
                    )
                  : shown.map(numberOf);
            const key = `${contextKey(context)} ${seen.join(' ')}`;
            return remembered(outcomes, key, () => check.evaluate(view, context));
          },
          canary: (context) => remembered(canaries, contextKey(context), () => check.canary(context)),
        } satisfies typeof check,
      ];
    }),
  );
}

function isObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null;
}

/** What throws is not remembered: it throws again. */
function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
