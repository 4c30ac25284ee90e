import { describe, expect, it } from 'vitest';
import { readFrame } from './socket-frames.ts';

function binary(...parts: (number | string)[]): ArrayBuffer {
  const bytes = Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'string') return Buffer.from(part, 'latin1');
      const number = Buffer.alloc(4);
      number.writeUInt32BE(part);
      return number;
    }),
  );
  return Uint8Array.from(bytes).buffer;
}

describe('readFrame', () => {
  it('reads events', () => {
    const event = { type: 'progress', data: { value: 1, max: 4, prompt_id: 'p', node: '3' } };

    expect(readFrame(JSON.stringify(event))).toEqual({ kind: 'event', event });
    expect(readFrame('{"type":"executing","data":{"node":null}}')).toMatchObject({ event: { data: { node: null } } });
  });

  it('reads previews of both kinds', () => {
    const metadata = '{"prompt_id":"p"}';

    expect(readFrame(binary(1, 1, 'jpeg'))).toMatchObject({
      preview: { contentType: 'image/jpeg' },
      promptId: undefined,
    });
    expect(readFrame(binary(1, 2, 'png'))).toMatchObject({
      preview: { contentType: 'image/png', data: Buffer.from('png') },
    });
    expect(readFrame(binary(4, metadata.length, metadata, '\x89PNG'))).toMatchObject({
      preview: { contentType: 'image/png', data: Buffer.from('\x89PNG', 'latin1') },
      promptId: 'p',
    });
  });

  it.each([
    ['text'],
    ['{}'],
    ['[]'],
    [binary(3, 0, 'text')],
    [binary(1)],
    [binary(4, 99, '{')],
    [new ArrayBuffer(0)],
    [5],
  ])('leaves out what it does not know', (data) => {
    expect(readFrame(data)).toBeUndefined();
  });
});
