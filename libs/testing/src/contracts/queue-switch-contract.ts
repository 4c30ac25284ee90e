import type { QueueSwitch } from '@afterimage/job-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { anId } from '../builders/job-builders.ts';

/** Holds a {@link QueueSwitch} to its port. */
export function describeQueueSwitchContract(name: string, makeSwitch: () => QueueSwitch | Promise<QueueSwitch>): void {
  describe(`${name} as a queue switch`, () => {
    let queues: QueueSwitch;

    beforeAll(async () => {
      queues = await makeSwitch();
    });

    it('has nothing paused at first', async () => {
      expect(await queues.pausedOf(anId('evt'))).toStrictEqual(new Set());
    });

    it('pauses and resumes one queue of one pool, twice as once', async () => {
      const [pool, other] = [anId('evt'), anId('evt')];
      for (const _ of [1, 2]) await queues.setPaused(pool, 'batch', true);
      await queues.setPaused(pool, 'interactive', true);
      expect(await queues.pausedOf(pool)).toStrictEqual(new Set(['interactive', 'batch']));
      expect(await queues.pausedOf(other)).toStrictEqual(new Set());

      for (const _ of [1, 2]) await queues.setPaused(pool, 'interactive', false);

      expect(await queues.pausedOf(pool)).toStrictEqual(new Set(['batch']));
    });
  });
}
