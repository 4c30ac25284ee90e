import FlatQueue from 'flatqueue';

/** What will happen, by time. Of what happens at the same time the order is the same in every run. */
export class EventQueue {
  readonly #queue = new FlatQueue<() => void>();

  at(time: number, event: () => void): void {
    this.#queue.push(event, time);
  }

  /** Time of the next event; infinite when there is none. */
  get nextAt(): number {
    return this.#queue.peekValue() ?? Number.POSITIVE_INFINITY;
  }

  run(): void {
    this.#queue.pop()?.();
  }
}
