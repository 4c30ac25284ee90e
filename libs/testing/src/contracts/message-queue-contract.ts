import type { MessageQueue, ReceivedMessage } from '@afterimage/job-core';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../wait-for.ts';

/** An empty queue and what its port does not have. */
export interface MessageQueueSubject {
  readonly queue: MessageQueue;
  send(body: string, traceparent?: string): Promise<void>;
  /** Lets this time pass, where time does not pass by itself. */
  pass(seconds: number): void;
}

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const NEVER = new AbortController().signal;
const AT_ONCE = { max: 10, waitSeconds: 0, visibilitySeconds: 60, signal: NEVER };
/** Longer than any visibility timeout of these tests. */
const LONG_POLL = { ...AT_ONCE, waitSeconds: 10 };

function only(messages: readonly ReceivedMessage[]): ReceivedMessage {
  const [message, ...others] = messages;
  if (message === undefined || others.length > 0) throw new Error(`expected one message, got ${messages.length}`);
  return message;
}

/** Holds a {@link MessageQueue} to its port. */
export function describeMessageQueueContract(
  name: string,
  make: () => MessageQueueSubject | Promise<MessageQueueSubject>,
): void {
  describe(`${name} as a message queue`, () => {
    it('yields nothing from an empty queue', async () => {
      const { queue } = await make();

      expect(await queue.receive(AT_ONCE)).toStrictEqual([]);
    });

    it('yields a message with its trace, once', async () => {
      const { queue, send } = await make();
      await send('{"n":1}', TRACEPARENT);

      const message = only(await queue.receive(LONG_POLL));

      expect(message).toMatchObject({ body: '{"n":1}', receiveCount: 1, traceparent: TRACEPARENT });
      expect(message.messageId).not.toBe('');
      expect(await queue.receive(AT_ONCE)).toStrictEqual([]);
    });

    it('yields null for a trace that is not there', async () => {
      const { queue, send } = await make();
      await send('{"n":1}');

      expect(only(await queue.receive(LONG_POLL)).traceparent).toBeNull();
    });

    it('yields at most as many as asked for', async () => {
      const { queue, send } = await make();
      for (const body of ['a', 'b', 'c']) await send(body);

      const first = await queue.receive({ ...LONG_POLL, max: 2 });
      const second = await queue.receive({ ...LONG_POLL, max: 2 });

      expect([first.length, second.length]).toStrictEqual([2, 1]);
      expect(new Set([...first, ...second].map(({ body }) => body))).toStrictEqual(new Set(['a', 'b', 'c']));
    });

    it('ends a long poll with the message that is sent meanwhile', async () => {
      const { queue, send } = await make();

      const received = queue.receive(LONG_POLL);
      await send('late');

      expect(only(await received).body).toBe('late');
    });

    it('yields a message again, counted, when its visibility timeout has passed', async () => {
      const { queue, send, pass } = await make();
      await send('again');
      const first = only(await queue.receive({ ...LONG_POLL, visibilitySeconds: 1 }));

      const received = queue.receive(LONG_POLL);
      pass(1);

      const second = only(await received);
      expect(second).toMatchObject({ messageId: first.messageId, receiveCount: 2 });
      expect(second.receiptHandle).not.toBe(first.receiptHandle);
    });

    it('yields a message that is sent later when its time has come, as a new one', async () => {
      const { queue, pass } = await make();
      await queue.sendLater({ body: 'later', traceparent: TRACEPARENT, groupId: 'tenant-1' }, 1);
      expect(await queue.receive(AT_ONCE)).toStrictEqual([]);

      const received = queue.receive(LONG_POLL);
      pass(1);

      expect(only(await received)).toMatchObject({ body: 'later', receiveCount: 1, traceparent: TRACEPARENT });
    });

    it('yields a message again at once when it is given back', async () => {
      const { queue, send } = await make();
      await send('back');
      const first = only(await queue.receive(LONG_POLL));

      expect(await queue.changeVisibility(first.receiptHandle, 0)).toBe(true);

      expect(only(await queue.receive(LONG_POLL))).toMatchObject({ messageId: first.messageId, receiveCount: 2 });
    });

    it('keeps a message away while its visibility is extended', async () => {
      const { queue, send, pass } = await make();
      await send('long');
      const first = only(await queue.receive({ ...LONG_POLL, visibilitySeconds: 1 }));

      expect(await queue.changeVisibility(first.receiptHandle, 60)).toBe(true);
      expect(await queue.changeVisibility(first.receiptHandle, 60)).toBe(true);

      const received = queue.receive({ ...LONG_POLL, waitSeconds: 2 });
      pass(2);
      expect(await received).toStrictEqual([]);
    });

    it('does not yield a deleted message again', async () => {
      const { queue, send, pass } = await make();
      await send('gone');
      const { receiptHandle } = only(await queue.receive({ ...LONG_POLL, visibilitySeconds: 1 }));

      await queue.delete(receiptHandle);
      await queue.delete(receiptHandle);

      const received = queue.receive({ ...LONG_POLL, waitSeconds: 2 });
      pass(2);
      expect(await received).toStrictEqual([]);
      expect(await queue.changeVisibility(receiptHandle, 60)).toBe(false);
    });

    it('tells that a message is not in flight any more', async () => {
      const { queue, send } = await make();
      await send('back');
      const { receiptHandle } = only(await queue.receive(LONG_POLL));

      await queue.changeVisibility(receiptHandle, 0);

      expect(await queue.changeVisibility(receiptHandle, 60)).toBe(false);
    });

    it('ends a long poll at once when it is aborted', async () => {
      const { queue } = await make();
      const abort = new AbortController();
      const receiving = queue.receive({ ...LONG_POLL, waitSeconds: 20, signal: abort.signal });

      abort.abort();

      expect(await receiving).toStrictEqual([]);
      expect(await queue.receive({ ...LONG_POLL, signal: abort.signal })).toStrictEqual([]);
    });

    it('loses no message to a long poll that was aborted', async () => {
      const { queue, send } = await make();
      const abort = new AbortController();
      const receiving = queue.receive({ ...LONG_POLL, signal: abort.signal });
      abort.abort();
      await receiving;

      await send('kept');

      const message = await waitFor(async () => (await queue.receive(AT_ONCE))[0]);
      expect(message.body).toBe('kept');
    });
  });
}
