import type { MessageQueue, ReceivedMessage } from '@afterimage/job-core';
import type { Priority } from '@afterimage/job-schemas';
import type { Log, MetricSink } from '@afterimage/telemetry';
import { METRIC } from '../metrics.ts';
import { FIRST_TURN, queueOrder, turnAfter } from './queue-choice.ts';

/** A message with the queue that it has to be settled with. */
export interface Delivery {
  readonly message: ReceivedMessage;
  readonly queue: MessageQueue;
  readonly priority: Priority;
}

export interface MessageSourceOptions {
  readonly queues: Readonly<Record<Priority, MessageQueue>>;
  readonly waitSeconds: number;
  readonly visibilitySeconds: number;
  /** Whether an operator has paused the queue; none is unless given. */
  readonly isPaused?: (priority: Priority) => boolean;
  readonly log: Log;
  readonly metrics: MetricSink;
}

/** Resolves when the long poll is over, to its error if it had one. */
type LongPoll = Promise<{ readonly error?: unknown }>;

/**
 * One message at a time out of two queues.
 *
 * A round looks into both queues without waiting, in the order of `queueOrder`. Only when both are empty does it wait, with
 * a long poll at each. The poll that loses is not aborted: a message that SQS had already handed to it would stay
 * invisible for the whole visibility timeout. It goes on while the worker works; what it brings then is given back at once
 * (visibility 0), and the next round waits on with it. So a worker never holds two jobs, a job costs at most one needless
 * receive, and an idle worker makes four requests per wait.
 *
 * A queue that is paused is neither looked into nor waited at, and what a long poll still brings from it is given back.
 */
export class MessageSource {
  readonly #options: MessageSourceOptions;
  readonly #closing = new AbortController();
  readonly #longPolls = new Map<Priority, LongPoll>();
  readonly #givingBack = new Set<Promise<void>>();
  /** Takes the message of a long poll while a round waits for one. */
  #receiver: ((delivery: Delivery) => void) | undefined;
  #turn = FIRST_TURN;

  constructor(options: MessageSourceOptions) {
    this.#options = options;
  }

  /**
   * The next message; undefined when this round had none, and after {@link close}.
   * @throws what a queue threw, when no queue had a message
   */
  async next(): Promise<Delivery | undefined> {
    const order = queueOrder(this.#turn).filter((priority) => !this.#isPaused(priority));
    const delivery = (await this.#look(order)) ?? (await this.#waitAt(order));
    if (delivery !== undefined) this.#turn = turnAfter(this.#turn, delivery.priority);
    return delivery;
  }

  /** Ends the long polls and gives back what they still bring. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#longPolls.values());
    await Promise.all(this.#givingBack);
  }

  async #look(order: readonly Priority[]): Promise<Delivery | undefined> {
    const errors: unknown[] = [];
    for (const priority of order) {
      // A queue at which a long poll still waits has nothing.
      if (this.#longPolls.has(priority)) continue;
      try {
        const delivery = await this.#receive(priority, 0);
        if (delivery !== undefined) return delivery;
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
    return undefined;
  }

  async #waitAt(order: readonly Priority[]): Promise<Delivery | undefined> {
    if (order.length === 0) return undefined;
    const { promise: arrival, resolve } = Promise.withResolvers<Delivery>();
    this.#receiver = resolve;
    try {
      const polls = order.map((priority) => this.#longPolls.get(priority) ?? this.#startLongPoll(priority));
      const first = await Promise.race([arrival, ...polls]);
      if ('error' in first) throw first.error;
      return 'message' in first ? first : undefined;
    } finally {
      this.#receiver = undefined;
    }
  }

  #startLongPoll(priority: Priority): LongPoll {
    const poll = this.#receive(priority, this.#options.waitSeconds)
      .then(
        (delivery) => {
          if (delivery !== undefined) this.#arrive(delivery);
          return {};
        },
        (error: unknown) => ({ error }),
      )
      .finally(() => this.#longPolls.delete(priority));
    this.#longPolls.set(priority, poll);
    return poll;
  }

  async #receive(priority: Priority, waitSeconds: number): Promise<Delivery | undefined> {
    const { signal } = this.#closing;
    if (signal.aborted) return undefined;
    const queue = this.#options.queues[priority];
    const { visibilitySeconds } = this.#options;
    const [message] = await queue.receive({ max: 1, waitSeconds, visibilitySeconds, signal });
    return message === undefined ? undefined : { message, queue, priority };
  }

  #isPaused(priority: Priority): boolean {
    return this.#options.isPaused?.(priority) ?? false;
  }

  #arrive(delivery: Delivery): void {
    const isPaused = this.#isPaused(delivery.priority);
    const receiver = isPaused ? undefined : this.#receiver;
    if (receiver !== undefined) {
      this.#receiver = undefined;
      return receiver(delivery);
    }
    const reason = isPaused ? 'the queue is paused' : 'the worker has a job';
    const givingBack = this.#giveBack(delivery, reason).finally(() => this.#givingBack.delete(givingBack));
    this.#givingBack.add(givingBack);
  }

  /** When it fails, the visibility timeout brings the message back. */
  async #giveBack({ message, queue, priority }: Delivery, reason: string): Promise<void> {
    const { log, metrics } = this.#options;
    metrics.count(METRIC.givenBack);
    try {
      await queue.changeVisibility(message.receiptHandle, 0);
      log.info('message given back', { messageId: message.messageId, priority, reason });
    } catch (error) {
      log.warn('message not given back', { messageId: message.messageId, priority, error });
    }
  }
}
