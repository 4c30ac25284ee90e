import type { EngineProgress, EngineRun } from './engine.ts';

/** Tells of steps in their order, though their previews are encoded beside the work on the next ones: a step whose preview cannot be, without one. */
export class ProgressReport<Picture> {
  readonly #onProgress: EngineRun['onProgress'];
  readonly #encode: (preview: Picture) => Promise<Uint8Array>;
  readonly #signal: AbortSignal;
  #tail: Promise<void> = Promise.resolve();

  /** @param encode a preview to JPEG */
  constructor(
    onProgress: EngineRun['onProgress'],
    encode: (preview: Picture) => Promise<Uint8Array>,
    signal: AbortSignal,
  ) {
    this.#onProgress = onProgress;
    this.#encode = encode;
    this.#signal = signal;
  }

  add(progress: Omit<EngineProgress, 'preview'>, preview: Picture | undefined): void {
    this.#tail = this.#tell(progress, preview === undefined ? undefined : this.#encode(preview), this.#tail);
    // Whoever waits for `told` learns of a failure; until then it must not count as unhandled.
    this.#tail.catch(() => undefined);
  }

  /** Resolves when everything was told. @throws what `onProgress` failed with */
  async told(): Promise<void> {
    await this.#tail;
  }

  async #tell(
    progress: Omit<EngineProgress, 'preview'>,
    preview: Promise<Uint8Array> | undefined,
    before: Promise<void>,
  ): Promise<void> {
    const [data] = await Promise.all([preview?.catch(() => undefined), before]);
    if (this.#signal.aborted) return;
    const shown = data === undefined ? {} : { preview: { contentType: 'image/jpeg', data } as const };
    this.#onProgress({ ...progress, ...shown });
  }
}
