import type { EnginePreview } from '../engine.ts';
import type { ComfyEvent } from './comfy-schemas.ts';
import { eventSchema } from './comfy-schemas.ts';

/** What a frame of the WebSocket says; a preview with metadata also says of which prompt it is. */
export type Frame =
  | { readonly kind: 'event'; readonly event: ComfyEvent }
  | { readonly kind: 'preview'; readonly preview: EnginePreview; readonly promptId: string | undefined };

const EVENT = { preview: 1, previewWithMetadata: 4 };
const PNG_FORMAT = 2;

function contentTypeOf(image: Buffer): EnginePreview['contentType'] {
  return image[0] === 0x89 ? 'image/png' : 'image/jpeg';
}

function readText(text: string): Frame | undefined {
  const result = eventSchema.safeParse(JSON.parse(text));
  return result.success ? { kind: 'event', event: result.data } : undefined;
}

function readBinary(bytes: Buffer): Frame | undefined {
  const event = bytes.readUInt32BE(0);
  const second = bytes.readUInt32BE(4);
  if (event === EVENT.preview) {
    const contentType = second === PNG_FORMAT ? 'image/png' : 'image/jpeg';
    return { kind: 'preview', preview: { contentType, data: bytes.subarray(8) }, promptId: undefined };
  }
  if (event !== EVENT.previewWithMetadata) return undefined;
  const metadata: unknown = JSON.parse(bytes.toString('utf8', 8, 8 + second));
  const promptId: unknown =
    typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'prompt_id') : undefined;
  const data = bytes.subarray(8 + second);
  return {
    kind: 'preview',
    preview: { contentType: contentTypeOf(data), data },
    promptId: typeof promptId === 'string' ? promptId : undefined,
  };
}

/** Undefined for frames of other kinds, and for what makes no sense: progress is not worth failing a job for. */
export function readFrame(data: unknown): Frame | undefined {
  try {
    if (typeof data === 'string') return readText(data);
    return data instanceof ArrayBuffer ? readBinary(Buffer.from(data)) : undefined;
  } catch {
    return undefined;
  }
}
