/** Runs tasks, at most so many units of them at once, in the order they came. */
export interface Limiter {
  readonly run: <T>(task: () => Promise<T>, units?: number) => Promise<T>;
}

/** A task that wants more units than there are runs alone. */
export function createLimiter(limit: number): Limiter {
  let free = limit;
  const waiting: { readonly units: number; readonly start: () => void }[] = [];
  const next = (): void => {
    const first = waiting[0];
    if (first === undefined || first.units > free) return;
    waiting.shift();
    free -= first.units;
    first.start();
    next();
  };
  return {
    run: async (task, wanted = 1) => {
      const units = Math.min(wanted, limit);
      await new Promise<void>((start) => {
        waiting.push({ units, start });
        next();
      });
      try {
        return await task();
      } finally {
        free += units;
        next();
      }
    },
  };
}
