/**
 * Works through items, at most `limit` at the same time, and takes no further one once `mayGoOn` is false.
 * @param work must not reject: it handles its own failures
 */
export async function concurrently<T>(
  items: readonly T[],
  options: { readonly limit: number; readonly mayGoOn: () => boolean },
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();

  async function takeTurns(): Promise<void> {
    while (options.mayGoOn()) {
      const { done, value } = waiting.next();
      if (done === true) return;
      await work(value);
    }
  }

  await Promise.all(Array.from({ length: Math.min(options.limit, items.length) }, takeTurns));
}
