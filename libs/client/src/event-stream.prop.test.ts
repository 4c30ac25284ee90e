import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEventStream, type StreamFrame } from './event-stream.ts';

async function* piecesOf(text: string, cuts: readonly number[]): AsyncGenerator<string, void> {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  let from = 0;
  for (const place of [...places, text.length]) {
    yield text.slice(from, place);
    from = place;
  }
}

async function read(text: string, cuts: readonly number[] = []): Promise<StreamFrame[]> {
  const frames: StreamFrame[] = [];
  for await (const frame of readEventStream(piecesOf(text, cuts))) frames.push(frame);
  return frames;
}

const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text));
const id = fc.string({ unit: fc.constantFrom('0', '9', 'a', '.', '-'), minLength: 1 });
const events = fc.array(
  fc.record({ id, type: fc.constantFrom('status', 'progress'), data: fc.array(line, { minLength: 1 }) }),
);

describe('readEventStream', () => {
  it('reads what was written, whatever the line breaks are and wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(events, fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat()), async (written, end, cuts) => {
        const text = written
          .map((event) =>
            [`id: ${event.id}`, `event: ${event.type}`, ...event.data.map((each) => `data: ${each}`), end].join(end),
          )
          .join('');

        // A lone carriage return at the very end may be the first half of a line break.
        const frames = await read(`${text}: end${end}\n`, cuts);

        const expected = written.map((event) => ({ lastId: event.id, type: event.type, data: event.data.join('\n') }));
        const got = frames.filter(({ data }) => data !== undefined);
        expect(got.map(({ lastId, type, data }) => ({ lastId, type, data }))).toEqual(expected);
      }),
    );
  });

  it('leaves comments out, keeps the id, and takes settings without an event', async () => {
    const frames = await read('retry: 2000\n\n: heartbeat\n\nid: 7\ndata\n\nevent: end\ndata:{}\nretry: soon\n\n');

    expect(frames).toEqual([
      { lastId: null, type: 'message', data: undefined, retryMs: 2000 },
      { lastId: null, type: 'message', data: undefined, retryMs: undefined },
      { lastId: '7', type: 'message', data: '', retryMs: undefined },
      { lastId: '7', type: 'end', data: '{}', retryMs: undefined },
    ]);
  });

  it('drops an event that was cut off', async () => {
    expect(await read('id: 1\ndata: {}\n\nid: 2\ndata: {}\n')).toHaveLength(1);
  });
});
