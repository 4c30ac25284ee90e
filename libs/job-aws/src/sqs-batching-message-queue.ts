import type { MessageQueue, ReceivedMessage } from '@afterimage/job-core';
import { DependencyUnavailableError } from '@afterimage/job-core';
import type { BatchResultErrorEntry, SQSClient } from '@aws-sdk/client-sqs';
import { ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
import { callAws } from './aws-errors.ts';
import { Batch } from './sqs-batch.ts';
import { isNotInFlight, SqsMessageQueue } from './sqs-message-queue.ts';

export interface BatchingOptions {
  /** Milliseconds that a delete may wait for others: until then the message is only invisible. */
  readonly deleteLingerMs: number;
  /** Milliseconds that a change of visibility may wait. Giving a message back (0 s) never waits. */
  readonly visibilityLingerMs: number;
  /** Resolves after `ms`, or as soon as the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Visibility {
  readonly receiptHandle: string;
  readonly seconds: number;
}

const IS_MADE = true;

function errorOf({ Code: name = 'unknown', Message = '', SenderFault }: BatchResultErrorEntry): Error {
  const error = Object.assign(new Error(Message), { name });
  if (SenderFault === true) return error;
  return new DependencyUnavailableError(`the queue is not available: ${name}`, { cause: error });
}

function resultsOf(count: number, failed: readonly BatchResultErrorEntry[] = []): (boolean | Error)[] {
  const failures = new Map(failed.map((entry) => [entry.Id, entry]));
  return Array.from({ length: count }, (_, index) => {
    const failure = failures.get(String(index));
    if (failure === undefined) return IS_MADE;
    const { Code: name = '', Message: message = '' } = failure;
    return isNotInFlight({ name, message }) ? !IS_MADE : errorOf(failure);
  });
}

/**
 * An SQS queue whose deletes and changes of visibility go out up to ten at a time. Every promise still tells of its own
 * message alone. To be closed by its owner, so that nothing is left unsent.
 */
export class BatchingMessageQueue implements MessageQueue {
  readonly #queue: SqsMessageQueue;
  readonly #deletes: Batch<string, boolean>;
  readonly #visibilities: Batch<Visibility, boolean>;

  constructor(client: SQSClient, queueUrl: string, { deleteLingerMs, visibilityLingerMs, wait }: BatchingOptions) {
    this.#queue = new SqsMessageQueue(client, queueUrl);
    this.#deletes = new Batch({
      wait,
      lingerMs: deleteLingerMs,
      async send(handles) {
        const Entries = handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
        const command = new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries });
        const { Failed } = await callAws('the queue', () => client.send(command));
        return resultsOf(handles.length, Failed);
      },
    });
    this.#visibilities = new Batch({
      wait,
      lingerMs: visibilityLingerMs,
      async send(changes) {
        const Entries = changes.map(({ receiptHandle, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }));
        const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries });
        const { Failed } = await callAws('the queue', () => client.send(command));
        return resultsOf(changes.length, Failed);
      },
    });
  }

  receive(options: Parameters<MessageQueue['receive']>[0]): Promise<ReceivedMessage[]> {
    return this.#queue.receive(options);
  }

  async delete(receiptHandle: string): Promise<void> {
    await this.#deletes.add(receiptHandle);
  }

  changeVisibility(receiptHandle: string, seconds: number): Promise<boolean> {
    const change = this.#visibilities.add({ receiptHandle, seconds });
    if (seconds === 0) this.#visibilities.flush();
    return change;
  }

  sendLater(...message: Parameters<MessageQueue['sendLater']>): Promise<void> {
    return this.#queue.sendLater(...message);
  }

  /** Sends what waits; resolves when every call is over. Calls after that wait for nothing. */
  async close(): Promise<void> {
    await Promise.all([this.#deletes.close(), this.#visibilities.close()]);
  }
}
