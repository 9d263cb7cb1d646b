/**
 * A few workers that take the next entry when they are free: no promise for each of a million objects. After the
 * first that fails no further one is begun.
 */
export async function inParallel<T>(
  entries: readonly T[],
  workers: number,
  work: (entry: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < entries.length) {
      const entry = entries[next] as T;
      next += 1;
      try {
        await work(entry);
      } catch (error) {
        next = entries.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, entries.length) }, run));
}
