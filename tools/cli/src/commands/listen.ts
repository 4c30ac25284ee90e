import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { ApiError, type EndpointEventType, type WebhookEvent, webhooks } from '@afterimage/client';
import type { Fetch } from '@afterimage/client/node';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CommandContext } from './context.ts';

export interface ListenOptions {
  readonly forwardTo: string;
  readonly event?: readonly EndpointEventType[];
}

/** Less than the API waits for an answer. */
const FORWARD_TIMEOUT_MS = 14_000;
/** Of the request, passed on so that the receiver can verify it. */
const PASSED_ON = [
  'content-type',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'traceparent',
] as const;
const UNREACHABLE = 502;
const FORGED = 401;

function subjectOf({ data }: WebhookEvent): string {
  if ('job' in data) return data.job.id;
  return 'batch' in data ? data.batch.id : data.endpointId;
}

async function forward(fetch: Fetch, url: string, request: IncomingMessage, body: Uint8Array): Promise<number> {
  const headers = PASSED_ON.flatMap((name) => {
    const value = request.headers[name];
    return typeof value === 'string' ? [[name, value] as [string, string]] : [];
  });
  try {
    const signal = AbortSignal.timeout(FORWARD_TIMEOUT_MS);
    const answer = await fetch(url, { method: 'POST', headers, body: Buffer.from(body), redirect: 'manual', signal });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return UNREACHABLE;
  }
}

/** @throws CliError when the API delivers to public addresses alone */
async function register({ client, interrupted: signal }: CommandContext, url: string, events: ListenOptions['event']) {
  try {
    return await client.webhookEndpoints.create({ url, events, description: 'afterimage webhooks listen' }, { signal });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 422) throw error;
    throw new CliError(EXIT.usage, 'this API does not deliver to this machine', {
      lines: ['"webhooks listen" works with the local stack: start it with "npm start"'],
      cause: error,
    });
  }
}

/**
 * `afterimage webhooks listen`: an endpoint on this machine for as long as the command runs. What arrives is verified and
 * passed on as it is, and the answer is the receiver's, so that failures are tried again as they would be.
 */
export async function listen(
  context: CommandContext,
  { forwardTo, event: events }: ListenOptions,
  isJson: boolean,
): Promise<ExitCode> {
  const { client, stdout, reporter, interrupted, fetch } = context;
  let secret = '';

  async function take(request: IncomingMessage): Promise<number> {
    const body = await buffer(request);
    let event: WebhookEvent;
    try {
      event = await webhooks.verify(body, request.headers, secret);
    } catch (error) {
      reporter.notice(`refused: ${error instanceof Error ? error.message : 'it cannot be verified'}`);
      return FORGED;
    }
    const { id, type } = event;
    const status = await forward(fetch, forwardTo, request, body);
    const line = isJson
      ? JSON.stringify({ event: 'webhook', id, type, subject: subjectOf(event), status })
      : `${type} ${subjectOf(event)} -> ${status === UNREACHABLE ? 'not reached' : status}`;
    stdout.write(`${line}\n`);
    return status;
  }

  const server = createServer((request, response) => {
    take(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const endpoint = await register(context, `http://127.0.0.1:${port}/`, events);
    ({ secret } = endpoint);
    reporter.notice(`forwarding to ${forwardTo}; requests are signed with ${secret}; Ctrl-C ends it`);
    if (!interrupted.aborted) await once(interrupted, 'abort');
    await client.webhookEndpoints.delete(endpoint.id);
    return EXIT.ok;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
