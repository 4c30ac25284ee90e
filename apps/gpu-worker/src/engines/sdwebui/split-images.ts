const OPENING = Buffer.from('{"images":[');
const [QUOTE, COMMA, CLOSING] = Buffer.from('",]');

/** An answer in two parts: the images as base64 text, and JSON without them. */
export interface SplitAnswer {
  /** Parts of the body, not copies. */
  readonly images: readonly Buffer[];
  readonly rest: string;
}

/**
 * Takes the images out of an answer without parsing it: eight large ones are more than a hundred megabytes, which would be
 * held three times over as bytes, as text and as the strings in it. Undefined for an answer that is written in another way than
 * the servers do, `images` first and without spaces.
 */
export function splitImages(body: Buffer): SplitAnswer | undefined {
  if (!body.subarray(0, OPENING.length).equals(OPENING)) return undefined;
  const images: Buffer[] = [];
  let at = OPENING.length;
  while (body[at] === QUOTE) {
    const end = body.indexOf('"', at + 1);
    const image = body.subarray(at + 1, end);
    if (end === -1 || image.includes('\\')) return undefined;
    images.push(image);
    at = end + 1;
    if (body[at] === COMMA) at += 1;
  }
  if (body[at] !== CLOSING) return undefined;
  return { images, rest: `{"images":[]${body.toString('utf8', at + 1)}` };
}
