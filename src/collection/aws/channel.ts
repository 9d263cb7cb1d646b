/** Hands items of many concurrent producers to one consumer, in the order in which they came. */
export interface Channel<T> {
  readonly push: (item: T) => void;
  readonly close: () => void;
  /** Ends the reading with an error, after the items that came before it. */
  readonly fail: (error: unknown) => void;
  readonly items: () => AsyncGenerator<T>;
}

export function createChannel<T>(): Channel<T> {
  const waiting: T[] = [];
  let wake: () => void = () => undefined;
  let state: 'open' | 'closed' | { readonly error: unknown } = 'open';
  const end = (reached: typeof state): void => {
    state = reached;
    wake();
  };
  return {
    push: (item) => {
      waiting.push(item);
      wake();
    },
    close: () => end('closed'),
    fail: (error) => end({ error }),
    items: async function* () {
      for (;;) {
        yield* waiting.splice(0);
        if (waiting.length > 0) continue;
        if (typeof state === 'object') throw state.error;
        if (state === 'closed') return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
