/** Waits for all of them, also when one fails: nothing goes on behind the back of the caller. @throws the first failure */
export async function everyOne(work: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
