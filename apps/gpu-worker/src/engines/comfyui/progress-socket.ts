import { backOffMs } from '../../back-off.ts';
import type { Time } from '../../time.ts';
import type { Frame } from './socket-frames.ts';
import { readFrame } from './socket-frames.ts';

export interface ProgressSocketOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly time: Time;
  readonly onFrame: (frame: Frame) => void;
  /** Told when events can be expected again, and when not. */
  readonly onConnection: (isOpen: boolean) => void;
}

const OPEN_MS = 2000;
const BACK_OFF = { firstMs: 250, capMs: 5000 };
/** Newer servers then say of which prompt a preview is. */
const FEATURES = JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } });

/**
 * Listens to the server's events for as long as a job takes, over as many connections as that needs. Events tell how far a
 * job is, never that it is done: they can stall or be lost while the job goes on.
 */
export class ProgressSocket {
  readonly #options: ProgressSocketOptions;
  readonly #over = new AbortController();
  #listening: Promise<void> = Promise.resolve();

  constructor(options: ProgressSocketOptions) {
    this.#options = options;
  }

  /** Resolves when the first connection is there, or failed: the job goes on without. */
  async open(): Promise<void> {
    const first = Promise.withResolvers<void>();
    this.#listening = this.#listen(() => first.resolve());
    await first.promise;
  }

  async close(): Promise<void> {
    this.#over.abort();
    await this.#listening;
  }

  async #listen(onFirst: () => void): Promise<void> {
    const { time } = this.#options;
    const { signal } = this.#over;
    for (let failures = 1; !signal.aborted; failures++) {
      const wasOpen = await this.#connect(onFirst);
      onFirst();
      if (wasOpen) failures = 1;
      await time.wait(backOffMs(failures, BACK_OFF, 1), signal);
    }
  }

  /** One connection from its start to its end. Yields whether it was ever open. */
  async #connect(onOpen: () => void): Promise<boolean> {
    const { url, headers, time, onFrame, onConnection } = this.#options;
    const socket = new WebSocket(url, { headers });
    socket.binaryType = 'arraybuffer';
    const closed = Promise.withResolvers<void>();
    const settled = new AbortController();
    let wasOpen = false;
    const close = (): void => {
      closed.resolve();
      socket.close();
    };
    socket.addEventListener('open', () => {
      wasOpen = true;
      settled.abort();
      socket.send(FEATURES);
      onConnection(true);
      onOpen();
    });
    socket.addEventListener('message', ({ data }) => {
      const frame = this.#over.signal.aborted ? undefined : readFrame(data);
      if (frame !== undefined) onFrame(frame);
    });
    // An error is always followed by the end of the connection.
    socket.addEventListener('error', () => closed.resolve());
    socket.addEventListener('close', () => closed.resolve());
    void time.wait(OPEN_MS, settled.signal).then(() => wasOpen || close());
    this.#over.signal.addEventListener('abort', close, { once: true });
    await closed.promise;
    this.#over.signal.removeEventListener('abort', close);
    settled.abort();
    onConnection(false);
    return wasOpen;
  }
}
