import { describe, expect, it } from 'vitest';
import {
  describeDeliveryQueueContract,
  describeEventPublisherContract,
  describeJobPublisherContract,
  describeMessageQueueContract,
} from '../contracts/index.ts';
import { FakeClock } from '../fake-clock.ts';
import { InMemoryMessageQueue } from './in-memory-message-queue.ts';
import { RecordingDeliveryQueue, RecordingEventPublisher, RecordingJobPublisher } from './recording-publishers.ts';

describeMessageQueueContract('InMemoryMessageQueue', () => {
  const clock = new FakeClock();
  const queue = new InMemoryMessageQueue(clock);
  return {
    queue,
    send: async (body, traceparent) => void queue.send(body, traceparent),
    pass: (seconds) => clock.advance(seconds * 1000),
  };
});

describeJobPublisherContract('RecordingJobPublisher', () => {
  const port = new RecordingJobPublisher();
  return { port, arrived: async () => port.published };
});

describeEventPublisherContract('RecordingEventPublisher', () => {
  const port = new RecordingEventPublisher();
  return { port, arrived: async () => [...port.published, ...port.publishedOfBatches] };
});

describeDeliveryQueueContract('RecordingDeliveryQueue', () => {
  const port = new RecordingDeliveryQueue();
  return { port, arrived: async () => port.sent.map(({ message }) => message) };
});

describe('InMemoryMessageQueue', () => {
  const poll = { max: 1, waitSeconds: 20, visibilitySeconds: 30, signal: new AbortController().signal };

  it('gives a message to one of two pollers, and the next to the other', async () => {
    const queue = new InMemoryMessageQueue(new FakeClock());
    const pollers = [queue.receive(poll), queue.receive(poll)];

    queue.send('first');
    queue.send('second');

    const bodies = (await Promise.all(pollers)).map((messages) => messages.map(({ body }) => body));
    expect(bodies).toStrictEqual([['first'], ['second']]);
  });

  it('leaves no timer and no poller behind', async () => {
    const clock = new FakeClock();
    const queue = new InMemoryMessageQueue(clock);
    const abort = new AbortController();
    queue.send('in flight');
    await queue.receive(poll);
    const receiving = [queue.receive(poll), queue.receive({ ...poll, signal: abort.signal })];
    expect({ polling: queue.polling, visible: queue.visible, size: queue.size }).toStrictEqual({
      polling: 2,
      visible: 0,
      size: 1,
    });

    abort.abort();
    clock.advance(20_000);

    expect(await Promise.all(receiving)).toStrictEqual([[], []]);
    expect({ polling: queue.polling, timers: clock.pending }).toStrictEqual({ polling: 0, timers: 0 });
  });
});
