import { FakeClock, InMemoryMessageQueue, recordingTelemetry } from '@afterimage/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pass, settle } from '../../test/support/fake-time.ts';
import { MessageSource } from './message-source.ts';

const actions = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('send interactive', 'send batch') },
    { weight: 2, arbitrary: fc.constant('finish the job') },
    { weight: 1, arbitrary: fc.constantFrom('wait a second', 'wait half a minute') },
  ),
  { maxLength: 60 },
);

describe('a message source, whatever comes when', () => {
  it('holds one message at a time, loses none and takes each once', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (given) => {
        const clock = new FakeClock();
        const queues = { interactive: new InMemoryMessageQueue(clock), batch: new InMemoryMessageQueue(clock) };
        const source = new MessageSource({ queues, waitSeconds: 20, visibilitySeconds: 3600, ...recordingTelemetry() });
        const taken: string[] = [];
        const sent: string[] = [];
        let finish: (() => void) | undefined;
        let isOver = false;
        const inFlight = () => {
          const { interactive, batch } = queues;
          return interactive.size - interactive.visible + (batch.size - batch.visible);
        };
        const work = async () => {
          for (;;) {
            const delivery = await source.next();
            if (delivery === undefined && isOver) return;
            if (delivery === undefined) continue;
            taken.push(delivery.message.body);
            if (!isOver) await new Promise<void>((resolve) => (finish = resolve));
            await delivery.queue.delete(delivery.message.receiptHandle);
          }
        };
        const working = work();

        for (const action of given) {
          if (action === 'send interactive' || action === 'send batch') {
            sent.push(queues[action === 'send batch' ? 'batch' : 'interactive'].send(`message ${sent.length}`));
          }
          if (action === 'finish the job') finish?.();
          if (action === 'wait a second') clock.advance(1000);
          if (action === 'wait half a minute') clock.advance(30_000);
          await settle();
          expect(inFlight()).toBeLessThanOrEqual(1);
        }
        isOver = true;
        finish?.();
        await pass(clock, 60_000, 10_000);
        await source.close();
        await working;

        expect(taken.toSorted()).toEqual(sent.map((_, index) => `message ${index}`).toSorted());
      }),
      { numRuns: 50 },
    );
  });
});
