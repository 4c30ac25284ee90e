/**
 * Runs `task` for 0 to `count - 1`, at most `concurrency` at a time, and returns the results in that order. After the
 * first failure no more are started, and it is thrown once those under way have ended.
 */
export async function concurrently<T>(
  count: number,
  concurrency: number,
  task: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  let hasFailed = false;
  async function lane(): Promise<void> {
    while (next < count && !hasFailed) {
      const index = next++;
      try {
        results[index] = await task(index);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(count, concurrency) }, lane));
  const failure = lanes.find((each) => each.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results;
}
