import * as z from 'zod';

export const graphSchema = z.record(
  z.string(),
  z.looseObject({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()) }),
);
/** A prompt in API format. */
export type Graph = z.infer<typeof graphSchema>;
export type GraphNode = Graph[string];

export type Link = readonly [node: string, slot: number];

export function asLink(value: unknown): Link | undefined {
  return Array.isArray(value) && value.length === 2 ? [String(value[0]), Number(value[1])] : undefined;
}
