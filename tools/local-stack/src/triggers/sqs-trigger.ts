import { setTimeout as pause } from 'node:timers/promises';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { makeSlots } from '../lambda/slots.ts';
import { succeededIds } from './batch-result.ts';
import { receivedMessages, sqsEvent, type ReceivedMessage } from './sqs-event.ts';

export interface SqsTriggerOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly queueArn: string;
  /** 1 to 10. */
  readonly batchSize: number;
  /** Invocations at a time. */
  readonly maxConcurrency: number;
  invoke(event: unknown): Promise<unknown>;
  /** Told of what went wrong with the queue itself, not with the function. */
  report(message: string): void;
}

export interface SqsTrigger {
  /** Ends the long poll at once and waits for the invocations that run. */
  stop(): Promise<void>;
}

const LONG_POLL_SECONDS = 20;
const CALL_TIMEOUT_MS = 10_000;
const MAX_BACK_OFF_MS = 10_000;

/** An event source mapping of a standard queue, with `ReportBatchItemFailures`. */
export function startSqsTrigger(options: SqsTriggerOptions): SqsTrigger {
  const { sqs, queueUrl, queueArn, report } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const slots = makeSlots(options.maxConcurrency);
  const running = new Set<Promise<void>>();

  async function receive(): Promise<ReceivedMessage[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: options.batchSize,
      WaitTimeSeconds: LONG_POLL_SECONDS,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });
    const requestTimeout = LONG_POLL_SECONDS * 1000 + CALL_TIMEOUT_MS;
    const { Messages } = await sqs.send(command, { abortSignal: signal, requestTimeout });
    return receivedMessages(Messages);
  }

  async function process(messages: readonly ReceivedMessage[]): Promise<void> {
    let response: unknown;
    try {
      response = await options.invoke(sqsEvent(messages, queueArn));
    } catch {
      // The function's log has the error; the visibility timeout brings the batch back.
      return;
    }
    const done = new Set(
      succeededIds(
        messages.map(({ messageId }) => messageId),
        response,
      ),
    );
    const entries = messages
      .filter(({ messageId }) => done.has(messageId))
      .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
    if (entries.length === 0) return;
    const command = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries });
    const { Failed } = await sqs.send(command, { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    for (const { Code } of Failed ?? []) report(`a message of ${queueArn} was not deleted: ${Code}`);
  }

  function start(messages: readonly ReceivedMessage[], whenDone: () => void): void {
    const work = process(messages)
      .catch((error: unknown) => report(`messages of ${queueArn} were not deleted: ${String(error)}`))
      .finally(() => {
        running.delete(work);
        whenDone();
      });
    running.add(work);
  }

  /** Resolves once a batch was started, so that no message is received before there is room for it. */
  function pollOnce(): Promise<void> {
    const { promise: started, resolve, reject } = Promise.withResolvers<void>();
    void slots.run(async () => {
      try {
        const messages = signal.aborted ? [] : await receive();
        if (messages.length === 0) return resolve();
        const done = Promise.withResolvers<void>();
        start(messages, done.resolve);
        resolve();
        await done.promise;
      } catch (error) {
        reject(error as Error);
      }
    });
    return started;
  }

  async function poll(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await pollOnce();
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        if (failures === 1) report(`cannot receive from ${queueArn}: ${String(error)}`);
        const backOffMs = Math.min(MAX_BACK_OFF_MS, 200 * 2 ** failures) * (0.5 + Math.random() / 2);
        await pause(backOffMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  const polling = poll();
  return {
    stop: async () => {
      stopping.abort();
      await polling;
      await Promise.all(running);
    },
  };
}
