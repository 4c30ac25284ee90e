/** One thing to be done and whoever waits for it. */
interface Pending<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatchOptions<T, R extends NonNullable<unknown>> {
  /** Does up to ten items in one call; its result has one entry for each of them, in their order. */
  readonly send: (items: readonly T[]) => Promise<readonly (R | Error)[]>;
  /** Milliseconds that an item waits for others to go with. */
  readonly lingerMs: number;
  /** Resolves after `ms`, or as soon as the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The most that SQS takes in one call. */
const MAX_ENTRIES = 10;

/** Gathers single calls into calls for up to ten of them. Each settles by itself, whatever becomes of the others. */
export class Batch<T, R extends NonNullable<unknown>> {
  readonly #options: BatchOptions<T, R>;
  readonly #sending = new Set<Promise<void>>();
  #pending: Pending<T, R>[] = [];
  #hurry = new AbortController();
  #isClosed = false;

  constructor(options: BatchOptions<T, R>) {
    this.#options = options;
  }

  add(item: T): Promise<R> {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    this.#pending.push({ item, resolve, reject });
    if (this.#pending.length === 1) this.#track(this.#sendLater(this.#hurry.signal));
    if (this.#pending.length >= MAX_ENTRIES || this.#isClosed) this.flush();
    return promise;
  }

  /** Sends what has been gathered so far without waiting for more. */
  flush(): void {
    this.#hurry.abort();
    this.#hurry = new AbortController();
    if (this.#pending.length > 0) this.#track(this.#send(this.#pending.splice(0)));
  }

  /** Sends what has been gathered; resolves when every call is over. What is added after that waits for nothing. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.flush();
    await Promise.all(this.#sending);
  }

  async #sendLater(hurry: AbortSignal): Promise<void> {
    await this.#options.wait(this.#options.lingerMs, hurry);
    if (!hurry.aborted) this.flush();
  }

  async #send(batch: readonly Pending<T, R>[]): Promise<void> {
    try {
      const results = await this.#options.send(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index];
        if (result === undefined) reject(new Error('the call yielded too few results'));
        else if (result instanceof Error) reject(result);
        else resolve(result);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  #track(promise: Promise<void>): void {
    const tracked = promise.finally(() => this.#sending.delete(tracked));
    this.#sending.add(tracked);
  }
}
