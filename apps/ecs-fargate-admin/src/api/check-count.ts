import { ProblemError } from '@afterimage/job-core';

/**
 * Refuses an act for more than its operator confirmed.
 * @param what plural, for the message
 * @throws ProblemError `count-changed`
 */
export function checkCount(count: number, expectedCount: number, what: string): void {
  if (count <= expectedCount) return;
  const detail = `there are ${count} ${what} by now, ${expectedCount} were confirmed: look again`;
  throw new ProblemError('count-changed', { detail });
}
