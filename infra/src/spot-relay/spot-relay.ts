/**
 * Runs on each GPU node, on the node's own network: passes on what the instance metadata service says of the end of the
 * machine, and nothing else. Pods cannot ask for themselves, for the answers of the service do not reach them, so that no
 * pod gets the node's role. One file without imports but Node's: it is mounted into a container as it is.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

const IMDS = 'http://169.254.169.254';
/** The worker asks for an answer within 2 s. */
const ANSWER_MS = 1500;
const TOKEN_SECONDS = 21_600;

/** Said to whoever asks for a session: nothing of it is needed, since nothing secret is told. */
const SESSION = 'spot-relay';

const PASSED_ON = new Set([
  '/latest/meta-data/spot/instance-action',
  '/latest/meta-data/events/recommendations/rebalance',
]);

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Asks the metadata service, with one session for all. */
function makeAsk(imds: string): (path: string) => Promise<Answer> {
  let session: string | undefined;

  async function newSession(): Promise<string> {
    const response = await fetch(`${imds}/latest/api/token`, {
      method: 'PUT',
      headers: { 'x-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_SECONDS) },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!response.ok) throw new Error(`the metadata service gives no session: ${response.status}`);
    return await response.text();
  }

  return async function ask(path) {
    session ??= await newSession();
    const response = await fetch(imds + path, {
      headers: { 'x-aws-ec2-metadata-token': session },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (response.status === 401) session = undefined;
    return { status: response.status, body: await response.text() };
  };
}

/** A server that answers as the metadata service does, to two of its paths. 502: the service does not answer. */
export function spotRelay(imds: string): Server {
  const ask = makeAsk(imds);

  async function answer(method: string, path: string): Promise<Answer> {
    if (method === 'PUT' && path === '/latest/api/token') return { status: 200, body: SESSION };
    if (method !== 'GET' || !PASSED_ON.has(path)) return { status: 403, body: '' };
    try {
      const { status, body } = await ask(path);
      return status === 200 || status === 404 ? { status, body } : { status: 502, body: '' };
    } catch (error) {
      const line = { level: 'WARN', message: 'no answer of the metadata service', error: String(error) };
      process.stderr.write(`${JSON.stringify(line)}\n`);
      return { status: 502, body: '' };
    }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const { status, body } = await answer(request.method ?? '', request.url ?? '');
    response.writeHead(status, { 'content-type': 'text/plain' });
    response.end(body);
  }

  const server = createServer((request, response) => void respond(request, response));
  server.requestTimeout = 5000;
  return server;
}

if (import.meta.main) {
  // Process 1 of a container has no default for signals.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
  const server = spotRelay(process.env['IMDS_URL'] ?? IMDS);
  server.listen(Number(process.env['PORT']), () => {
    const line = { level: 'INFO', message: 'spot relay listens', address: server.address() };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  });
}
