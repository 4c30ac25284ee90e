import { createHash } from 'node:crypto';
import { outputPrefix, type OutputStore } from '@afterimage/job-core';
import type { JobRecord, OutputFormat, StoredOutput } from '@afterimage/job-schemas';
import type { Log, MetricSink } from '@afterimage/telemetry';
import { backOffMs } from '../back-off.ts';
import type { EngineImage } from '../engines/engine.ts';
import { OutputUploadError } from '../interruptions.ts';
import { METRIC } from '../metrics.ts';
import type { Time } from '../time.ts';

/** An image as a file. */
export interface EncodedImage {
  readonly data: Uint8Array;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  /** A small WebP, where the job asked for one. */
  readonly thumbnail?: Uint8Array;
}

export interface StoreImagePorts {
  readonly outputs: Pick<OutputStore, 'put'>;
  readonly time: Time;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: MetricSink;
}

const TRIES = 4;
const BACK_OFF = { firstMs: 250, capMs: 4000 };
const EXTENSION: Readonly<Record<OutputFormat, string>> = { png: 'png', jpeg: 'jpg', webp: 'webp', avif: 'avif' };

type KeyOf = Pick<JobRecord, 'id' | 'tenantId' | 'attempt' | 'output'>;

/** The attempt is part of the key, so that an attempt which lost its lease cannot overwrite a newer one's file. */
function keyStem({ id, tenantId, attempt }: KeyOf, index: number): string {
  return `${outputPrefix({ tenantId, id })}${attempt}/${index}`;
}

/** Key of image `index` of the job's current attempt. */
export function outputKey(job: KeyOf, index: number): string {
  return `${keyStem(job, index)}.${EXTENSION[job.output.format]}`;
}

/** Key of that image's thumbnail. */
export function thumbnailKey(job: KeyOf, index: number): string {
  return `${keyStem(job, index)}-thumb.webp`;
}

const sha256Of = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/**
 * Puts an encoded image, and its thumbnail, into the bucket and describes it as the job's record will.
 * @throws OutputUploadError when it cannot be stored; the signal's reason when it aborts
 */
export function makeStoreImage({ outputs, time, random, log, metrics }: StoreImagePorts) {
  async function upload(file: Parameters<OutputStore['put']>[0], jobId: string, signal: AbortSignal): Promise<void> {
    for (let tries = 1; ; tries++) {
      signal.throwIfAborted();
      try {
        return await outputs.put(file, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (tries === TRIES) throw new OutputUploadError(`an image of ${jobId} could not be stored`, { cause: error });
        metrics.count(METRIC.uploadRetries);
        log.warn('upload failed, trying again', { jobId, tries, error });
        await time.wait(backOffMs(tries, BACK_OFF, random()), signal);
      }
    }
  }

  return async function storeImage(
    job: JobRecord,
    image: EngineImage,
    file: EncodedImage,
    signal: AbortSignal,
  ): Promise<StoredOutput> {
    const { data, contentType, width, height, thumbnail } = file;
    const { index, seed } = image;
    const key = outputKey(job, index);
    const sha256 = sha256Of(data);
    const thumb = thumbnail === undefined ? null : { key: thumbnailKey(job, index), body: thumbnail };
    await Promise.all([
      upload({ key, body: data, contentType, sha256 }, job.id, signal),
      thumb && upload({ ...thumb, contentType: 'image/webp', sha256: sha256Of(thumb.body) }, job.id, signal),
    ]);
    return {
      index,
      key,
      contentType,
      width,
      height,
      bytes: data.byteLength,
      sha256,
      seed,
      thumbnailKey: thumb?.key ?? null,
    };
  };
}
