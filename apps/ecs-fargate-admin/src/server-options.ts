/** The load balancer's own, which infra leaves as it is. */
const LOAD_BALANCER_IDLE_MS = 60_000;

/**
 * Connections are kept for longer than the load balancer keeps them: with Node's 5 s, it would now and then send a request into a connection that the console
 * just closes, and answer 502. Node counts `headersTimeout` from the end of the request before, so that it has to be the longer one.
 */
export const SERVER_OPTIONS = {
  keepAliveTimeout: LOAD_BALANCER_IDLE_MS + 15_000,
  headersTimeout: LOAD_BALANCER_IDLE_MS + 20_000,
} as const;
