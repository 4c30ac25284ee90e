import { randomUUID } from 'node:crypto';
import type { MessageQueue, MessageToSend, ReceivedMessage } from '@afterimage/job-core';
import type { FakeClock } from '../fake-clock.ts';

interface StoredMessage {
  readonly messageId: string;
  readonly body: string;
  readonly traceparent: string | null;
  receiveCount: number;
  /** Of the last receive; an earlier handle is of no use any more. */
  receiptHandle: string | null;
  visibleAt: number;
}

type ReceiveOptions = Parameters<MessageQueue['receive']>[0];

/** A queue with visibility timeouts, receive counts and long polls on a fake clock. */
export class InMemoryMessageQueue implements MessageQueue {
  readonly #clock: FakeClock;
  readonly #messages = new Map<string, StoredMessage>();
  readonly #pollers = new Set<() => void>();

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** Messages in the queue, in flight or not. */
  get size(): number {
    return this.#messages.size;
  }

  /** Messages that a receive would yield now. */
  get visible(): number {
    return this.#ready().length;
  }

  /** Long polls that are waiting. */
  get polling(): number {
    return this.#pollers.size;
  }

  /** Puts a message into the queue and yields its id. */
  send(body: string, traceparent: string | null = null, delaySeconds = 0): string {
    const messageId = randomUUID();
    const visibleAt = this.#nowMs() + delaySeconds * 1000;
    this.#messages.set(messageId, { messageId, body, traceparent, receiveCount: 0, receiptHandle: null, visibleAt });
    this.#wake();
    return messageId;
  }

  async receive(options: ReceiveOptions): Promise<ReceivedMessage[]> {
    if (options.signal.aborted) return [];
    const taken = this.#take(options);
    return taken.length > 0 || options.waitSeconds === 0 ? taken : await this.#poll(options);
  }

  async delete(receiptHandle: string): Promise<void> {
    const message = this.#inFlight(receiptHandle);
    if (message !== undefined) this.#messages.delete(message.messageId);
  }

  async changeVisibility(receiptHandle: string, seconds: number): Promise<boolean> {
    const message = this.#inFlight(receiptHandle);
    if (message === undefined || message.visibleAt <= this.#nowMs()) return false;
    message.visibleAt = this.#nowMs() + seconds * 1000;
    this.#wake();
    return true;
  }

  async sendLater({ body, traceparent }: MessageToSend, delaySeconds: number): Promise<void> {
    this.send(body, traceparent, delaySeconds);
  }

  #poll(options: ReceiveOptions): Promise<ReceivedMessage[]> {
    const { signal, waitSeconds } = options;
    return new Promise((resolve) => {
      let cancelLook = () => {};
      const finish = (messages: ReceivedMessage[]) => {
        this.#pollers.delete(look);
        cancelLook();
        cancelEnd();
        signal.removeEventListener('abort', giveUp);
        resolve(messages);
      };
      const giveUp = () => finish([]);
      const look = () => {
        const messages = this.#take(options);
        if (messages.length > 0) return finish(messages);
        cancelLook();
        cancelLook = this.#whenNextIsVisible(look);
      };
      const cancelEnd = this.#clock.schedule(waitSeconds * 1000, giveUp);
      signal.addEventListener('abort', giveUp, { once: true });
      this.#pollers.add(look);
      look();
    });
  }

  #whenNextIsVisible(look: () => void): () => void {
    const visibleAt = Math.min(...[...this.#messages.values()].map((message) => message.visibleAt));
    return visibleAt === Infinity ? () => {} : this.#clock.schedule(visibleAt - this.#nowMs(), look);
  }

  #take({ max, visibilitySeconds }: ReceiveOptions): ReceivedMessage[] {
    return this.#ready()
      .slice(0, max)
      .map((message) => {
        const receiptHandle = randomUUID();
        message.receiptHandle = receiptHandle;
        message.receiveCount += 1;
        message.visibleAt = this.#nowMs() + visibilitySeconds * 1000;
        const { messageId, body, receiveCount, traceparent } = message;
        return { messageId, receiptHandle, body, receiveCount, traceparent, awsTraceHeader: null };
      });
  }

  #wake(): void {
    for (const look of this.#pollers) look();
  }

  #ready(): StoredMessage[] {
    return [...this.#messages.values()].filter((message) => message.visibleAt <= this.#nowMs());
  }

  #inFlight(receiptHandle: string): StoredMessage | undefined {
    return [...this.#messages.values()].find((message) => message.receiptHandle === receiptHandle);
  }

  #nowMs(): number {
    return this.#clock.now().getTime();
  }
}
