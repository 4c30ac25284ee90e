import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readPreview } from './read-preview.ts';

const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } });

describe('readPreview', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('reads a picture in base64 (%s)', async (format) => {
    const data = await picture.toFormat(format).toBuffer();
    const preview = { contentType: `image/${format}`, data };

    expect(readPreview(data.toString('base64'))).toEqual(preview);
    expect(readPreview(`data:image/${format};base64,${data.toString('base64')}`)).toEqual(preview);
  });

  it.each([null, undefined, '', 'no picture', Buffer.from('GIF89a').toString('base64')])('is none of %j', (image) => {
    expect(readPreview(image)).toBeUndefined();
  });
});
