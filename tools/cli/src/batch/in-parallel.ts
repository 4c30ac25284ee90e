/**
 * Works through items, at most `limit` at the same time. After a failure it takes no further one and waits for those that
 * are under way.
 * @param onFailure called with the first failure, to cut the others short
 * @throws the first failure
 */
export async function inParallel<T>(
  items: readonly T[],
  options: { readonly limit: number; readonly onFailure: () => void },
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const failures: { readonly error: unknown }[] = [];

  async function takeTurns(): Promise<void> {
    while (failures.length === 0) {
      const { done, value } = waiting.next();
      if (done === true) return;
      try {
        await work(value);
      } catch (error) {
        const isFirst = failures.push({ error }) === 1;
        if (isFirst) options.onFailure();
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(options.limit, items.length) }, takeTurns));
  const [first] = failures;
  if (first !== undefined) throw first.error;
}
