/** A part of the document; it is JSON once it is written. */
export type JsonObject = Readonly<Record<string, unknown>>;
