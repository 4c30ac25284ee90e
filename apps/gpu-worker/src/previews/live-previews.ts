import { createHash } from 'node:crypto';
import { type OutputStore, previewKey } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import type { Log, MetricSink } from '@afterimage/telemetry';
import type { EnginePreview } from '../engines/engine.ts';
import { METRIC } from '../metrics.ts';
import type { Time } from '../time.ts';

export interface LivePreviewsPorts {
  readonly outputs: Pick<OutputStore, 'put' | 'delete'>;
  /** A small WebP of an engine's picture. */
  readonly encode: (picture: Uint8Array) => Promise<Uint8Array>;
  readonly time: Pick<Time, 'monotonicMs' | 'wait'>;
  readonly log: Log;
  readonly metrics: MetricSink;
  /** Least time from one preview of a job to the next, and from the start of its engine's work to the first; 0 = none at all. */
  readonly intervalMs: number;
}

/** The preview of one attempt. Whatever becomes of it, the attempt does not notice. */
export interface AttemptPreview {
  /** Of the object in the bucket; undefined before the first one is there. */
  readonly key: string | undefined;
  /** The engine's work begins, and with it the time until the first preview. */
  begin(): void;
  /** Whether a picture that is offered now will be shown. */
  isDue(): boolean;
  /** Shows the picture if it is due; one that is not is dropped. */
  offer(preview: EnginePreview): void;
  /** No more of them. What is on its way into the bucket is called off. */
  end(): void;
  /** Its job has ended here: the preview is deleted a little later. */
  remove(): void;
}

/** After so many in a row that could not be made or stored, the attempt has none any more. */
const MOST_FAILURES = 3;
/** A client that was told of the preview just before the end can still see it. */
const LINGER_MS = 5000;

/** The previews of a worker's jobs: made and stored beside the engine's work, seldom, and deleted after it. */
export class LivePreviews {
  readonly #ports: LivePreviewsPorts;
  readonly #closing = new AbortController();
  readonly #removals = new Set<Promise<void>>();

  constructor(ports: LivePreviewsPorts) {
    this.#ports = ports;
  }

  open(job: Pick<JobRecord, 'id' | 'tenantId' | 'attempt'>): AttemptPreview {
    const { encode, outputs, time, log, metrics, intervalMs } = this.#ports;
    const ended = new AbortController();
    const objectKey = previewKey(job);
    const about = { jobId: job.id, attempt: job.attempt };
    let key: string | undefined;
    let shownAtMs = Number.POSITIVE_INFINITY;
    let failures = 0;
    let mayBeStored = false;
    let underWay: Promise<void> | undefined;

    async function show({ data }: EnginePreview): Promise<void> {
      try {
        const body = await encode(data);
        if (ended.signal.aborted) return;
        mayBeStored = true;
        const sha256 = createHash('sha256').update(body).digest('hex');
        await outputs.put({ key: objectKey, body, contentType: 'image/webp', sha256 }, ended.signal);
        key = objectKey;
        failures = 0;
      } catch (error) {
        if (ended.signal.aborted) return;
        failures += 1;
        metrics.count(METRIC.previewErrors);
        log.warn('preview not stored', { ...about, failures, error });
      }
    }

    function isDue(): boolean {
      if (intervalMs === 0 || ended.signal.aborted || underWay !== undefined) return false;
      return failures < MOST_FAILURES && time.monotonicMs() - shownAtMs >= intervalMs;
    }

    return {
      get key() {
        return key;
      },
      begin() {
        shownAtMs = time.monotonicMs();
      },
      isDue,
      offer(preview) {
        if (!isDue()) return;
        shownAtMs = time.monotonicMs();
        underWay = show(preview).finally(() => {
          underWay = undefined;
        });
      },
      end() {
        ended.abort();
      },
      remove: () => {
        ended.abort();
        if (!mayBeStored) return;
        const removal = this.#remove(objectKey, underWay, about).finally(() => this.#removals.delete(removal));
        this.#removals.add(removal);
      },
    };
  }

  /** Resolves when the previews of jobs that are over are deleted, at once. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#removals);
  }

  async #remove(key: string, underWay: Promise<void> | undefined, about: { readonly jobId: string }): Promise<void> {
    const { outputs, time, log, metrics } = this.#ports;
    await Promise.all([underWay, time.wait(LINGER_MS, this.#closing.signal)]);
    try {
      await outputs.delete(key);
    } catch (error) {
      // The bucket forgets it by itself.
      metrics.count(METRIC.previewErrors);
      log.warn('preview not deleted', { ...about, error });
    }
  }
}

/** Of a worker that shows none. */
export const NO_PREVIEW: AttemptPreview = {
  key: undefined,
  begin: () => undefined,
  isDue: () => false,
  offer: () => undefined,
  end: () => undefined,
  remove: () => undefined,
};
