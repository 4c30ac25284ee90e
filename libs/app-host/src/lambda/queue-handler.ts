import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { continuedTraceparent, inJobScope, type Telemetry } from '@afterimage/telemetry';
import type { LambdaTracing } from '@afterimage/telemetry/lambda';
import { METRICS } from './metrics.ts';

export interface QueueHandlerOptions<T extends z.ZodType> {
  readonly telemetry: Telemetry;
  readonly tracing: LambdaTracing;
  readonly schema: T;
  /** Handles one message. When it throws, only this message comes back. */
  readonly handle: (message: z.infer<T>) => Promise<void>;
}

/**
 * The handler of a Lambda on an SQS queue, with partial batch responses. A message that cannot be read is counted and left
 * to the dead-letter queue: it is never deleted.
 */
export function queueHandler<T extends z.ZodType>({ telemetry, tracing, schema, handle }: QueueHandlerOptions<T>) {
  const { log, metrics } = telemetry;

  function read(record: SQSRecord): z.infer<T> | undefined {
    try {
      return schema.parse(JSON.parse(record.body));
    } catch {
      log.error('message cannot be read', { messageId: record.messageId });
      metrics.count(METRICS.recordUnreadable);
      return undefined;
    }
  }

  /** In the trace of whoever sent the message: that of the batch is one of its own. */
  function handleInTrace({ messageAttributes, attributes }: SQSRecord, message: z.infer<T>): Promise<void> {
    const { AWSTraceHeader: latest, ApproximateReceiveCount: receiveCount } = attributes;
    const origin = continuedTraceparent(messageAttributes.traceparent?.stringValue, latest);
    return tracing.continued(origin, { receiveCount: Number(receiveCount) }, () => handle(message));
  }

  async function handleRecord(record: SQSRecord): Promise<boolean> {
    const message = read(record);
    if (message === undefined) return false;
    try {
      await handleInTrace(record, message);
      metrics.count(METRICS.recordHandled);
      return true;
    } catch (error) {
      log.error('message failed', { messageId: record.messageId, error });
      metrics.count(METRICS.recordFailed);
      return false;
    }
  }

  return tracing.handler(
    middy<SQSEvent, SQSBatchResponse>()
      .use(tracing.middleware)
      .use({ after: () => metrics.flush(), onError: () => metrics.flush() })
      .handler(async (event) => {
        const results = await Promise.all(event.Records.map((record) => inJobScope(() => handleRecord(record))));
        const failed = event.Records.filter((_record, index) => results[index] === false);
        return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      }),
  );
}
