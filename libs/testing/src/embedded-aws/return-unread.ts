import type { buildApp } from 'fauxqs';
import * as z from 'zod';

type App = ReturnType<typeof buildApp>;

const receiveSchema = z.object({ QueueUrl: z.string() });
const receivedSchema = z.object({ Messages: z.array(z.object({ ReceiptHandle: z.string() })).default([]) });

/**
 * Makes messages visible again whose receiver has gone. The emulator does not notice that a long poll was aborted: without
 * this the next message would go to the dead connection and stay dark for its whole visibility timeout.
 */
export function returnUnread(app: App): void {
  app.addHook('onSend', async (request, _reply, payload) => {
    const isReceive = request.headers['x-amz-target'] === 'AmazonSQS.ReceiveMessage';
    if (!isReceive || !request.raw.socket.destroyed || typeof payload !== 'string') return payload;
    const { QueueUrl } = receiveSchema.parse(request.body);
    const { Messages } = receivedSchema.parse(JSON.parse(payload));
    for (const { ReceiptHandle } of Messages) {
      await app.inject({
        method: 'POST',
        url: '/',
        headers: {
          'x-amz-target': 'AmazonSQS.ChangeMessageVisibility',
          'content-type': 'application/x-amz-json-1.0',
        },
        payload: JSON.stringify({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      });
    }
    return payload;
  });
}
