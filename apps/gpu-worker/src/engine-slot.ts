/** A job's turn on the engine. */
export interface EngineTurn {
  readonly isOver: boolean;
  /** The next job may begin; a second call does nothing. */
  release(): void;
}

interface Waiting {
  readonly admit: (turn: EngineTurn) => void;
}

/**
 * One engine for one job at a time. A job that has left the engine stays aboard, with its images in memory, until it is
 * stored: with too many of them aboard nobody is let on, so that a slow bucket cannot fill the memory.
 */
export class EngineSlot {
  readonly #maxAboard: number;
  readonly #waiting = new Set<Waiting>();
  #isTaken = false;
  #aboard = 0;

  /** @param maxAboard jobs on the engine and behind it at a time */
  constructor(maxAboard: number) {
    this.#maxAboard = maxAboard;
  }

  /**
   * Waits for the engine, first come, first served. Whoever has it releases the turn and, at the very end, leaves.
   * @throws the signal's reason when it aborts before that
   */
  take(signal: AbortSignal): Promise<EngineTurn> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const waiting: Waiting = { admit };
      const giveUp = () => {
        this.#waiting.delete(waiting);
        reject(signal.reason);
      };
      function admit(turn: EngineTurn): void {
        signal.removeEventListener('abort', giveUp);
        resolve(turn);
      }
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(waiting);
      this.#admitNext();
    });
  }

  /** A job that had a turn is stored, given up or given back. */
  leave(): void {
    this.#aboard -= 1;
    this.#admitNext();
  }

  #admitNext(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#isTaken || this.#aboard >= this.#maxAboard) return;
    this.#waiting.delete(next);
    this.#isTaken = true;
    this.#aboard += 1;
    next.admit(this.#newTurn());
  }

  #newTurn(): EngineTurn {
    let isOver = false;
    const release = () => {
      if (isOver) return;
      isOver = true;
      this.#isTaken = false;
      this.#admitNext();
    };
    return {
      get isOver() {
        return isOver;
      },
      release,
    };
  }
}
