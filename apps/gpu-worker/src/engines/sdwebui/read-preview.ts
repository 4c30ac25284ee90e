import type { EnginePreview } from '../engine.ts';

const SIGNATURES: readonly (readonly [EnginePreview['contentType'], string])[] = [
  ['image/png', '\x89PNG'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/webp', 'RIFF'],
];

/**
 * The preview in the progress of a server: base64, in the format that it is set to, by some as a `data:` URL. Undefined when
 * there is none, as with previews turned off or before the first step, and for what no engine shows.
 */
export function readPreview(image: string | null | undefined): EnginePreview | undefined {
  if (image === null || image === undefined) return undefined;
  const data = Buffer.from(image.replace(/^data:[^,]{1,64},/, ''), 'base64');
  const head = data.toString('latin1', 0, 4);
  const found = SIGNATURES.find(([, signature]) => head.startsWith(signature));
  return found === undefined ? undefined : { contentType: found[0], data };
}
