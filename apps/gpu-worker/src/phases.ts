import type { JobPhase } from '@afterimage/job-schemas';
import { LIMITS } from '@afterimage/job-schemas';

/**
 * The phase of an attempt. It stays in memory: the heartbeat takes it along when it is another than the record's. Each that
 * is written is an entry of the job's timeline, which is part of its item: an engine that goes to and fro between two
 * phases for hours must not fill it.
 */
export class Phases {
  #current: JobPhase = 'preparing';
  /** As the claim wrote it. */
  #recorded: JobPhase = 'preparing';
  #count = 0;

  get current(): JobPhase {
    return this.#current;
  }

  /** The phase that the record is to be told of; undefined when it has it already. */
  get news(): JobPhase | undefined {
    if (this.#count >= LIMITS.recordedPhases) return undefined;
    return this.#current === this.#recorded ? undefined : this.#current;
  }

  enter(phase: JobPhase): void {
    this.#current = phase;
  }

  /** The record has this phase now. */
  recorded(phase: JobPhase): void {
    this.#recorded = phase;
    this.#count += 1;
  }
}
