import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';

const receiveReply = z.object({ Messages: z.array(z.object({ ReceiptHandle: z.string() })).default([]) });
const queueList = z.object({ QueueUrls: z.array(z.string()).default([]) });
const TIMEOUT_MS = 5000;
/** The message and the end of the connection travel apart, so the news of the end may come a little later. */
const SETTLE_MS = 5;
/** A reply that takes longer may have waited for its message; one that found it there does not need the care. */
const WAITED_MS = 1;

type Action = 'ListQueues' | 'ChangeMessageVisibility';

async function callSqs(server: Server, action: Action, input: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return response.json();
}

async function giveBack(server: Server, handles: readonly string[]): Promise<void> {
  const { QueueUrls: queueUrls } = queueList.parse(await callSqs(server, 'ListQueues', {}));
  // The reply does not name its queue; a queue that does not know the handle refuses it and changes nothing.
  const calls = queueUrls.flatMap((QueueUrl) =>
    handles.map((ReceiptHandle) =>
      callSqs(server, 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
    ),
  );
  await Promise.allSettled(calls);
}

function handlesIn(reply: unknown): readonly string[] {
  if (typeof reply !== 'string' || reply === '{}') return [];
  return receiveReply.parse(JSON.parse(reply)).Messages.map(({ ReceiptHandle }) => ReceiptHandle);
}

/**
 * Makes messages visible again that were received for a client that has gone. fauxqs keeps the long poll of a closed
 * connection waiting, so without this the next messages would go to a stopped or killed consumer, and stay hidden for
 * their whole visibility timeout.
 */
export function returnUndeliveredMessages(server: Server): void {
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers['x-amz-target'] !== 'AmazonSQS.ReceiveMessage') return;
    const { socket } = request;
    const receivedAt = performance.now();
    const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
    response.end = ((...args: unknown[]) => {
      const handles = handlesIn(args[0]);
      const hasWaited = performance.now() - receivedAt > WAITED_MS;
      if (handles.length === 0 || !hasWaited) return end(...args);
      setTimeout(() => {
        // Nobody is left to tell of a failure: the visibility timeout brings the messages back then.
        if (socket.destroyed || socket.readableEnded) giveBack(server, handles).catch(() => undefined);
        end(...args);
      }, SETTLE_MS);
      return response;
    }) as typeof response.end;
  });
}
