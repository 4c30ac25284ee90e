import { Slots } from './outputs/slots.ts';

/** A job's turn on the engine. */
export interface EngineTurn {
  /** Whether the engine is another job's already. */
  readonly isOver: boolean;
  /** The next job may begin; a second call does nothing. */
  release(): void;
  /** The job is stored, given up or given back: its images are out of memory. */
  leave(): void;
}

/**
 * One engine for one job at a time. A job that has left the engine stays aboard, with its images in memory, until it is
 * stored: with too many of them aboard nobody is let on, so that a slow bucket cannot fill the memory.
 */
export class EngineSlot {
  readonly #engine = new Slots(1);
  readonly #aboard: Slots;

  /** @param maxAboard jobs on the engine and behind it at a time */
  constructor(maxAboard: number) {
    this.#aboard = new Slots(maxAboard);
  }

  /**
   * Waits for the engine, first come, first served.
   * @throws the signal's reason when it aborts before that
   */
  async take(signal: AbortSignal): Promise<EngineTurn> {
    const leave = await this.#aboard.take(signal);
    let free: () => void;
    try {
      free = await this.#engine.take(signal);
    } catch (error) {
      leave();
      throw error;
    }
    let isOver = false;
    function release(): void {
      isOver = true;
      free();
    }
    return {
      get isOver() {
        return isOver;
      },
      release,
      leave,
    };
  }
}
