import type { QueueSwitch } from '@afterimage/job-core';
import type { Priority } from '@afterimage/job-schemas';

/** Which queues are paused, in a map. */
export class InMemoryQueueSwitch implements QueueSwitch {
  readonly #paused = new Map<string, ReadonlySet<Priority>>();

  async pausedOf(pool: string): Promise<ReadonlySet<Priority>> {
    return new Set(this.#paused.get(pool));
  }

  async setPaused(pool: string, priority: Priority, isPaused: boolean): Promise<void> {
    const others = [...(this.#paused.get(pool) ?? [])].filter((each) => each !== priority);
    this.#paused.set(pool, new Set(isPaused ? [...others, priority] : others));
  }
}
