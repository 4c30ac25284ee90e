import * as z from 'zod';

const envelopeSchema = z.object({ Type: z.literal('Notification'), Message: z.string() });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The JSON of a message, out of the envelope that SNS puts around what it could not deliver raw; undefined for what is none. */
export function readJson(body: string): unknown {
  const value = parse(body);
  const envelope = envelopeSchema.safeParse(value).data;
  return envelope === undefined ? value : parse(envelope.Message);
}
