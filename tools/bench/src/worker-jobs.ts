import type { JobRecord } from '@afterimage/job-schemas';
import { aJobRecord, aTextToImageInput } from '@afterimage/testing';
import * as z from 'zod';
import { startWebui } from './worker-webui.ts';

const SIDE = 512;
const answerSchema = z.object({ images: z.tuple([z.base64()]) });

interface Kind {
  readonly side?: number;
  readonly images?: number;
  /** Where the image is that the job begins with; without it the job begins with nothing. */
  readonly imageUrl?: string;
}

/** Jobs as the API would have accepted them just now. */
export function makeJobs(count: number, { side = SIDE, images = 1, imageUrl }: Kind = {}): JobRecord[] {
  const createdAt = new Date().toISOString();
  const { width, height, ...sampling } = aTextToImageInput({ width: side, height: side, images });
  return Array.from({ length: count }, () =>
    imageUrl === undefined
      ? aJobRecord({ createdAt, input: { ...sampling, width, height } })
      : aJobRecord({
          createdAt,
          task: 'image-to-image',
          input: { ...sampling, width, height, strength: 0.75, image: { url: imageUrl } },
        }),
  );
}

/** A PNG of the size of the jobs. */
export async function makeInputImage(): Promise<Uint8Array> {
  const webui = await startWebui(0);
  try {
    const response = await fetch(`${webui.url}/sdapi/v1/txt2img`, {
      method: 'POST',
      body: JSON.stringify({ width: SIDE, height: SIDE, seed: 1 }),
      signal: AbortSignal.timeout(10_000),
    });
    const { images } = answerSchema.parse(await response.json());
    return Buffer.from(images[0], 'base64');
  } finally {
    await webui.stop();
  }
}
