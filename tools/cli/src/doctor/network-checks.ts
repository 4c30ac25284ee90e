import { lookup } from 'node:dns/promises';
import { connect } from 'node:tls';
import { fail, type Finding, messageOf, ok, warn } from './check.ts';

const TIMEOUT_MS = 5000;
const DAY_MS = 86_400_000;
const EXPIRES_SOON_DAYS = 14;
/** From then on signatures of webhooks count as replayed. */
const SKEW_FAIL_SECONDS = 300;
const SKEW_WARN_SECONDS = 30;

export async function checkDns(apiUrl: URL): Promise<Finding> {
  const hostname = apiUrl.hostname.replace(/^\[(.*)\]$/, '$1');
  try {
    const addresses = await lookup(hostname, { all: true });
    return ok('dns', `${hostname} is ${addresses.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    return fail('dns', messageOf(error), 'check the address of the API, and the network');
  }
}

/** When the certificate of the API ends. @throws Error of the connection, or of a certificate that is not valid */
async function certificateEnd(apiUrl: URL): Promise<Date> {
  const { promise, resolve, reject } = Promise.withResolvers<Date>();
  const { hostname: host } = apiUrl;
  const socket = connect({ host, port: Number(apiUrl.port || 443), servername: host, timeout: TIMEOUT_MS });
  socket.once('secureConnect', () => resolve(new Date(socket.getPeerCertificate().valid_to)));
  socket.once('timeout', () => reject(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)));
  socket.once('error', reject);
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

export async function checkTls(apiUrl: URL, nowMs: number): Promise<Finding> {
  if (apiUrl.protocol === 'http:') {
    const isLoopback = /^(?:localhost|127\.|\[::1\])/.test(apiUrl.hostname);
    if (isLoopback) return ok('tls', 'not needed on this machine');
    return warn('tls', 'the key goes over the network in the clear', 'use the https address of the API');
  }
  try {
    const end = await certificateEnd(apiUrl);
    const days = Math.floor((end.getTime() - nowMs) / DAY_MS);
    const detail = `the certificate is valid until ${end.toISOString().slice(0, 10)}`;
    return days < EXPIRES_SOON_DAYS ? warn('tls', detail, 'tell who runs the API') : ok('tls', detail);
  } catch (error) {
    return fail('tls', messageOf(error), 'for an authority of your own set NODE_EXTRA_CA_CERTS to its certificate');
  }
}

export interface HealthOptions {
  readonly apiUrl: URL;
  readonly fetch: typeof globalThis.fetch;
  readonly nowMs: () => number;
}

/** Whether the API answers, and how far its clock is from the one here. */
export async function checkHealth({ apiUrl, fetch, nowMs }: HealthOptions): Promise<Finding[]> {
  const url = `${apiUrl.href.replace(/\/+$/, '')}/v1/health`;
  const startMs = nowMs();
  let response: Response;
  try {
    response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return [
      fail('api', `${url}: ${messageOf(reason)}`, 'start the local stack with "npm start", or check the address'),
    ];
  }
  const roundTripMs = nowMs() - startMs;
  if (!response.ok) {
    return [fail('api', `${url} answered ${response.status}`, 'check that the address is that of an Afterimage API')];
  }
  return [
    ok('api', `${apiUrl.origin} answered in ${Math.round(roundTripMs)} ms`),
    checkClock(response.headers.get('date'), startMs + roundTripMs / 2),
  ];
}

/** @param date of the answer, which has whole seconds */
export function checkClock(date: string | null, nowMs: number): Finding {
  const serverMs = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(serverMs)) return warn('clock', 'the API does not tell its time', 'compare the clocks yourself');
  // On average the second is half over.
  const skewSeconds = Math.round((nowMs - serverMs - 500) / 1000);
  const detail = `${Math.abs(skewSeconds)} s ${skewSeconds < 0 ? 'behind' : 'ahead of'} the API`;
  const fix = 'set the clock of this machine, best by NTP';
  if (Math.abs(skewSeconds) >= SKEW_FAIL_SECONDS) return fail('clock', detail, fix);
  return Math.abs(skewSeconds) >= SKEW_WARN_SECONDS ? warn('clock', detail, fix) : ok('clock', detail);
}
