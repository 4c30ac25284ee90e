/** Words that become single tokens. */
const WORDS =
  'a an and the of in on at with by to photo picture painting cat dog fox bird horse house castle forest tree river lake sea mountain sky sun moon star stars night day morning evening sunset snow rain red blue green yellow white black gold small large old new bright dark quiet beautiful detailed portrait landscape city street lighthouse astronaut riding';

function byteTokens(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const moved = bytes.filter((byte) => !isPrintable(byte)).map((_, index) => String.fromCharCode(256 + index));
  return [...bytes.filter(isPrintable).map((byte) => String.fromCharCode(byte)), ...moved];
}

/** The merges that lead to a word, letter by letter from its beginning. */
function mergesOf(word: string): string[] {
  const letters = [...word.slice(0, -1), `${word.slice(-1)}</w>`];
  return letters.slice(1).map((letter, index) => `${letters.slice(0, index + 1).join('')} ${letter}`);
}

export interface TokenizerFiles {
  readonly size: number;
  readonly files: Readonly<Record<string, string>>;
}

/** A CLIP tokenizer of a small vocabulary in CLIP's order: bytes, bytes that end words, merges, start, end. */
export function tokenizerFiles({ length, padToken }: { length: number; padToken: string }): TokenizerFiles {
  const bytes = byteTokens();
  const merges = [...new Set(WORDS.split(' ').flatMap(mergesOf))];
  const tokens = [
    ...bytes,
    ...bytes.map((byte) => `${byte}</w>`),
    ...merges.map((merge) => merge.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ];
  const config = {
    bos_token: '<|startoftext|>',
    eos_token: '<|endoftext|>',
    pad_token: padToken,
    model_max_length: length,
    tokenizer_class: 'CLIPTokenizer',
  };
  return {
    size: tokens.length,
    files: {
      'vocab.json': JSON.stringify(Object.fromEntries(tokens.map((token, id) => [token, id]))),
      'merges.txt': `#version: 0.2\n${merges.join('\n')}\n`,
      'tokenizer_config.json': JSON.stringify(config, null, 2),
    },
  };
}
