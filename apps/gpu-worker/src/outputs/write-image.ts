import type { JobRecord, StoredOutput } from '@afterimage/job-schemas';
import type { EngineImage } from '../engines/engine.ts';
import { Slots } from './slots.ts';
import { type EncodedImage, makeStoreImage, type StoreImagePorts } from './store-image.ts';

export interface WriteImagePorts extends StoreImagePorts {
  readonly encode: (image: EngineImage, job: JobRecord) => Promise<EncodedImage>;
}

/** An image on its way into the bucket. */
export interface WrittenImage {
  /** Rejects as `encode` and `storeImage` do. */
  readonly stored: Promise<StoredOutput>;
}

/** Images that are encoded or uploaded at a time, of whichever jobs: one goes up while the next one is encoded. */
const MOST_AT_A_TIME = 2;
/** An AV1 encoder takes thirty times the memory of its picture, and the engine may need the cores. */
const MOST_ENCODED_AT_A_TIME = 1;

/**
 * Begins to encode and upload an engine's picture, and comes back when that is under way; it waits before it while
 * {@link MOST_AT_A_TIME} others are. An engine is so not held up by the images that it made, but by a bucket that takes
 * them more slowly than it makes them, and memory holds no more than these and the one that waits.
 */
export function makeWriteImage(ports: WriteImagePorts) {
  const { encode } = ports;
  const storeImage = makeStoreImage(ports);
  const slots = new Slots(MOST_AT_A_TIME);
  const encoders = new Slots(MOST_ENCODED_AT_A_TIME);

  async function encodeInTurn(job: JobRecord, image: EngineImage, signal: AbortSignal): Promise<EncodedImage> {
    const leave = await encoders.take(signal);
    try {
      return await encode(image, job);
    } finally {
      leave();
    }
  }

  async function write(job: JobRecord, image: EngineImage, signal: AbortSignal): Promise<StoredOutput> {
    return storeImage(job, image, await encodeInTurn(job, image, signal), signal);
  }

  /** @throws the signal's reason when it aborts before the image's turn comes */
  return async function writeImage(job: JobRecord, image: EngineImage, signal: AbortSignal): Promise<WrittenImage> {
    const leave = await slots.take(signal);
    return { stored: write(job, image, signal).finally(leave) };
  };
}
