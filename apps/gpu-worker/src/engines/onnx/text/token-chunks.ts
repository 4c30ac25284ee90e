import type { ClipTokenizer } from './clip-tokenizer.ts';
import type { WeightedText } from './prompt-weights.ts';

/** As many tokens as a text encoder takes at a time, and how much each of them counts. */
export interface TokenChunk {
  readonly ids: readonly number[];
  readonly weights: readonly number[];
}

interface Open {
  readonly ids: number[];
  readonly weights: number[];
}

function closed({ startId, endId, padId, length }: ClipTokenizer, { ids, weights }: Open): TokenChunk {
  const padding = length - 2 - ids.length;
  return {
    ids: [startId, ...ids, endId, ...Array.from({ length: padding }, () => padId)],
    weights: [1, ...weights, 1, ...Array.from({ length: padding }, () => 1)],
  };
}

/**
 * Cuts a prompt into chunks of what a text encoder takes, as AUTOMATIC1111's WebUI does: a prompt may so be of any length.
 * There is one chunk at least.
 */
export function chunkTokens(tokenizer: ClipTokenizer, texts: readonly WeightedText[]): TokenChunk[] {
  const room = tokenizer.length - 2;
  const chunks: Open[] = [{ ids: [], weights: [] }];
  let current = chunks[0] ?? { ids: [], weights: [] };
  const begin = () => {
    current = { ids: [], weights: [] };
    chunks.push(current);
  };
  for (const each of texts) {
    if (each === null) {
      begin();
      continue;
    }
    for (const id of tokenizer.encode(each.text)) {
      if (current.ids.length === room) begin();
      current.ids.push(id);
      current.weights.push(each.weight);
    }
  }
  return chunks.map((chunk) => closed(tokenizer, chunk));
}
