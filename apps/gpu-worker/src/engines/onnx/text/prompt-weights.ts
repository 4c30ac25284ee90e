/** A run of text and how much it counts; null = the next text begins a chunk of its own. */
export type WeightedText = { readonly text: string; readonly weight: number } | null;

const ROUND = 1.1;
const SQUARE = 1 / 1.1;
const TOKEN = /\\[()[\]\\]|\\|\(|\[|:\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*\)|\)|\]|[^\\()[\]:]+|:/g;
const BREAK = /\s*\bBREAK\b\s*/;

interface Piece {
  readonly text: string | null;
  weight: number;
}

function scale(pieces: Piece[], from: number, factor: number): void {
  for (const piece of pieces.slice(from)) piece.weight *= factor;
}

/** Adds text, without the backslash of what it escapes, and a break wherever it says BREAK. */
function addText(pieces: Piece[], text: string): void {
  for (const [index, part] of text.split(BREAK).entries()) {
    if (index > 0) pieces.push({ text: null, weight: 1 });
    pieces.push({ text: part, weight: 1 });
  }
}

function merged(pieces: readonly Piece[]): WeightedText[] {
  const runs: WeightedText[] = [];
  for (const { text, weight } of pieces) {
    const last = runs.at(-1);
    if (text === null) runs.push(null);
    else if (last && last.weight === weight) runs[runs.length - 1] = { text: last.text + text, weight };
    else runs.push({ text, weight });
  }
  return runs;
}

/**
 * Reads the weights of a prompt by the grammar of AUTOMATIC1111's WebUI: `(text)` counts 1.1 times, `[text]` 1 / 1.1 times,
 * `(text:1.3)` 1.3 times, brackets within brackets multiply, a backslash before a bracket makes it text, an open bracket that
 * is never closed reaches to the end, and BREAK begins another chunk. No text is wrong.
 */
export function parseWeights(prompt: string): readonly WeightedText[] {
  const pieces: Piece[] = [];
  const open: { readonly square: number[]; readonly round: number[] } = { square: [], round: [] };
  for (const [token, weight] of prompt.matchAll(TOKEN)) {
    const factor = Number(weight);
    if (token === '(') open.round.push(pieces.length);
    else if (token === '[') open.square.push(pieces.length);
    else if (weight !== undefined && Number.isFinite(factor) && open.round.length > 0) {
      scale(pieces, open.round.pop() ?? 0, factor);
    } else if (token === ')' && open.round.length > 0) scale(pieces, open.round.pop() ?? 0, ROUND);
    else if (token === ']' && open.square.length > 0) scale(pieces, open.square.pop() ?? 0, SQUARE);
    else addText(pieces, token.length === 2 && token.startsWith('\\') ? token.slice(1) : token);
  }
  for (const from of open.round) scale(pieces, from, ROUND);
  for (const from of open.square) scale(pieces, from, SQUARE);
  return merged(pieces.length === 0 ? [{ text: '', weight: 1 }] : pieces);
}
