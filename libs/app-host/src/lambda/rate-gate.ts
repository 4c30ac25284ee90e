import { makeLimitRate, type RateStore } from '@afterimage/job-core';
import { quotasOf } from '@afterimage/job-schemas';
import type { Telemetry } from '@afterimage/telemetry';
import { rateLimited, rateLimitHeaders } from '../http/rate-limit.ts';
import type { Principal } from './api-request.ts';
import { METRICS } from './metrics.ts';

type Headers = Readonly<Record<string, string>>;

export interface RateGate {
  /** Counts a request against the tenant's limit. @throws ProblemError `rate-limited` */
  enter(principal: Principal | undefined, rate: 'create' | undefined, invocation: object): Promise<void>;
  /** The rate limit fields of the answer of an invocation, whether its route answers or throws. */
  headersOf(invocation: object): Headers;
}

/** Holds requests to the limits of their tenants. Without a store, and without a key, every request may pass. */
export function makeRateGate(rates: RateStore | undefined, { log, metrics }: Telemetry): RateGate {
  const headers = new WeakMap<object, Headers>();
  const limitRate =
    rates &&
    makeLimitRate({
      rates,
      now: () => new Date(),
      onUnavailable(error) {
        metrics.count(METRICS.rateUnknown);
        log.warn('request not counted', { error });
      },
    });
  return {
    async enter(principal, rate, invocation) {
      if (limitRate === undefined || principal === undefined) return;
      const { tenantId, quotas = {} } = principal;
      const { createPerMinute, requestsPerMinute } = quotasOf(quotas);
      const decision = await limitRate(
        rate === 'create'
          ? { tenantId, policy: 'create', limit: createPerMinute }
          : { tenantId, policy: 'requests', limit: requestsPerMinute },
      );
      headers.set(invocation, rateLimitHeaders(decision));
      if (decision.isAllowed) return;
      metrics.count(METRICS.rateLimited);
      throw rateLimited(decision);
    },
    headersOf: (invocation) => headers.get(invocation) ?? {},
  };
}
