import { Worker } from 'node:worker_threads';
import { EngineError } from '../engine-error.ts';
import { FLAG, type PainterReply, type PaintMessage, type PaintOrder, type PixelBlock } from './thread-messages.ts';

/** Of the heap only: pixels live outside it. A scene of thousands of shapes takes some 20 MB. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/** Who follows a picture as it is painted. */
export interface PaintHooks {
  readonly onStep: (step: number, preview: PixelBlock | undefined) => void;
  /** Asked after each step: whether the next one is to come with a preview. */
  readonly isPreviewDue: () => boolean;
}

interface Painting extends PaintHooks {
  readonly flags: Int32Array;
  readonly resolve: (picture: PixelBlock) => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal;
}

/** A worker thread that paints one picture at a time. It does not keep the process alive while it is idle. */
export class PaintThread {
  readonly #worker: Worker;
  #painting: Painting | undefined;
  #isDead = false;

  constructor(url: URL) {
    this.#worker = new Worker(url, { name: 'sketch', env: {}, execArgv: [], resourceLimits: RESOURCE_LIMITS });
    this.#worker.unref();
    this.#worker.on('message', (reply: PainterReply) => this.#onReply(reply));
    this.#worker.on('error', (error) => this.#onDeath(error));
    this.#worker.on('exit', (code) => this.#onDeath(new Error(`exit code ${code}`)));
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isBusy(): boolean {
    return this.#painting !== undefined;
  }

  /** @throws EngineError when the thread dies; the signal's reason once the thread has stopped for it */
  async paint(order: PaintOrder, hooks: PaintHooks, signal: AbortSignal): Promise<PixelBlock> {
    if (this.isBusy) throw new Error('the painting thread paints one picture at a time');
    signal.throwIfAborted();
    const shared = new SharedArrayBuffer(Object.keys(FLAG).length * Int32Array.BYTES_PER_ELEMENT);
    const flags = new Int32Array(shared);
    const stop = (): void => {
      Atomics.store(flags, FLAG.stop, 1);
      Atomics.notify(flags, FLAG.stop);
    };
    signal.addEventListener('abort', stop, { once: true });
    this.#worker.ref();
    try {
      return await new Promise<PixelBlock>((resolve, reject) => {
        this.#painting = { ...hooks, flags, resolve, reject, signal };
        this.#worker.postMessage({ kind: 'paint', order, flags: shared } satisfies PaintMessage, []);
      });
    } finally {
      signal.removeEventListener('abort', stop);
      this.#painting = undefined;
      this.#worker.unref();
    }
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #onReply(reply: PainterReply): void {
    const painting = this.#painting;
    if (painting === undefined) return;
    if (reply.kind === 'step') {
      painting.onStep(reply.step, reply.preview);
      if (painting.isPreviewDue()) Atomics.store(painting.flags, FLAG.preview, 1);
    } else if (reply.kind === 'done' && !painting.signal.aborted) painting.resolve(reply.picture);
    else painting.reject(painting.signal.reason);
  }

  #onDeath(cause: Error): void {
    this.#isDead = true;
    const painting = this.#painting;
    if (painting === undefined) return;
    painting.reject(
      painting.signal.aborted
        ? painting.signal.reason
        : new EngineError('engine_error', 'the painting thread died', { isRetryable: true, cause }),
    );
  }
}
