import { Tokenizer } from '@huggingface/tokenizers';
import * as z from 'zod';

/** Words, single digits, runs of anything else: the pattern of OpenAI's CLIP. */
const WORDS = String.raw`'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;
const START = '<|startoftext|>';
const END = '<|endoftext|>';

const specialToken = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)]);

/** `tokenizer_config.json`, as much of it as there is: older exports leave most of it to `special_tokens_map.json`. */
export const tokenizerConfigSchema = z.object({
  bos_token: specialToken.nullish(),
  eos_token: specialToken.nullish(),
  pad_token: specialToken.nullish(),
  model_max_length: z.number().nullish(),
});
/** `vocab.json`. */
export const vocabularySchema = z.record(z.string(), z.int().min(0));

export interface ClipTokenizerFiles {
  readonly vocabulary: Readonly<Record<string, number>>;
  /** `merges.txt`: one merge a line, the first line is a comment. */
  readonly merges: string;
  readonly config: z.infer<typeof tokenizerConfigSchema>;
}

/** The tokens of a text encoder that takes a fixed number of them. */
export interface ClipTokenizer {
  readonly startId: number;
  readonly endId: number;
  readonly padId: number;
  /** Tokens that the text encoder takes at a time, start and end among them. */
  readonly length: number;
  /** The text's own tokens, however many. */
  encode(text: string): readonly number[];
}

const DEFAULT_LENGTH = 77;
const MOST_LENGTH = 4096;

/**
 * Byte-pair encoding as CLIP does it: Unicode's composed form, one space for any white space, lower case, then words to
 * merged bytes. The merging is that of the library that transformers.js uses, told what a CLIP tokenizer is made of.
 *
 * @throws Error that names the token which the vocabulary lacks
 */
export function createClipTokenizer({ vocabulary, merges, config }: ClipTokenizerFiles): ClipTokenizer {
  const idOf = (token: string): number => {
    const id = vocabulary[token];
    if (id === undefined) throw new Error(`the vocabulary has no ${token}`);
    return id;
  };
  const [start, end] = [config.bos_token ?? START, config.eos_token ?? END];
  const special = (content: string) => ({
    id: idOf(content),
    content,
    special: true,
    normalized: false,
    single_word: false,
    lstrip: false,
    rstrip: false,
  });
  const tokenizer = new Tokenizer(
    {
      added_tokens: [special(start), special(end)],
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'NFC' },
          { type: 'Replace', pattern: { Regex: String.raw`\s+` }, content: ' ' },
          { type: 'Lowercase' },
        ],
      },
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: WORDS }, behavior: 'Removed', invert: true },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
        ],
      },
      post_processor: null,
      decoder: null,
      model: {
        type: 'BPE',
        unk_token: end,
        continuing_subword_prefix: '',
        end_of_word_suffix: '</w>',
        vocab: vocabulary,
        merges: merges
          .split('\n')
          .map((line) => line.trimEnd())
          .filter((line) => line !== '' && !line.startsWith('#version')),
      },
    },
    {},
  );
  const length = config.model_max_length;
  return {
    startId: idOf(start),
    endId: idOf(end),
    padId: idOf(config.pad_token ?? end),
    // Files that say nothing have a number here that stands for "no limit".
    length: length && length <= MOST_LENGTH ? length : DEFAULT_LENGTH,
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
  };
}
