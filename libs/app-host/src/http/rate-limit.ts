import { ProblemError, RATE_WINDOW_SECONDS, type RateDecision } from '@afterimage/job-core';

/** Fields of a reply (draft-ietf-httpapi-ratelimit-headers): the policy, and what is left of it where that is known. */
export function rateLimitHeaders({ policy, limit, remaining, resetSeconds }: RateDecision): Record<string, string> {
  return {
    'ratelimit-policy': `"${policy}";q=${limit};w=${RATE_WINDOW_SECONDS}`,
    ...(remaining === null ? {} : { ratelimit: `"${policy}";r=${remaining};t=${resetSeconds}` }),
  };
}

/** The answer to a request above the limit. */
export function rateLimited({ policy, limit, resetSeconds }: RateDecision): ProblemError {
  const what = policy === 'create' ? 'requests that create jobs' : 'requests';
  const detail = `at most ${limit} ${what} a minute: the next one in ${resetSeconds} s`;
  return new ProblemError('rate-limited', { detail }, { retryAfterSeconds: resetSeconds });
}
