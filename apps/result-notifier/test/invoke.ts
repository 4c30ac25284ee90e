import type { Context, SQSRecord } from 'aws-lambda';

// Invokes the function with one message; the exit code says whether the message is done.
const [, , body = ''] = process.argv;
const { handler } = await import('../src/handler.ts');
const { batchItemFailures } = await handler(
  {
    Records: [
      {
        messageId: 'message-1',
        body,
        attributes: { ApproximateReceiveCount: '1' },
        messageAttributes: {},
      } as SQSRecord,
    ],
  },
  {} as Context,
);
process.exit(batchItemFailures.length);
