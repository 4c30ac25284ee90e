import { ADMIN_BASE } from '@afterimage/admin-schemas';
import type { ServiceTracing } from '@afterimage/telemetry/service';

/** Where in its trace the request is that is answered now: what comes of it goes on from there. Null when it is not traced. */
export type CurrentTrace = () => string | null;

type Fetch = (request: Request) => Response | Promise<Response>;

/** The requests of the admin API as traces; those for the page and its health are none. */
export function traceRequests(tracing: ServiceTracing, fetch: Fetch): Fetch {
  return function traced(request) {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(ADMIN_BASE)) return fetch(request);
    const attributes = { 'http.request.method': request.method, 'url.path': pathname };
    // The load balancer begins no trace: it names one, and leaves the decision open.
    return tracing.root({ name: 'request', traceparent: null, attributes }, async (span) => {
      const response = await fetch(request);
      span.annotate({ 'http.response.status_code': response.status });
      return response;
    });
  };
}
