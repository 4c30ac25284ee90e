import { describe, expect, it } from 'vitest';
import { splitImages } from './split-images.ts';

const split = (text: string) => {
  const answer = splitImages(Buffer.from(text));
  return answer && { images: answer.images.map(String), rest: JSON.parse(answer.rest) as unknown };
};

describe('splitImages', () => {
  it.each([[[]], [['AAAA']], [['AAAA', 'BB==', 'C/+=']]])('takes %j out', (images) => {
    const others = { parameters: { prompt: 'a "cat" at [5], “hm”' }, info: '{"all_seeds": [1]}' };
    expect(split(JSON.stringify({ images, ...others }))).toEqual({ images, rest: { images: [], ...others } });
  });

  it('copies nothing', () => {
    const body = Buffer.from('{"images":["AAAA"],"info":""}');
    expect(splitImages(body)?.images[0]?.buffer).toBe(body.buffer);
  });

  it.each([
    ['spaces', '{ "images": ["AAAA"], "info": "" }'],
    ['another order', '{"info":"","images":["AAAA"]}'],
    ['escapes', '{"images":["AA\\/A"],"info":""}'],
    ['no strings', '{"images":[7],"info":""}'],
    ['a body that breaks off', '{"images":["AAAA'],
    ['a list that breaks off', '{"images":["AAAA"'],
    ['no object', '[]'],
    ['nothing', ''],
  ])('leaves %s to the parser', (_, text) => {
    expect(split(text)).toBeUndefined();
  });
});
