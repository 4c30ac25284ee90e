import type { TimelineEvent } from '@afterimage/job-schemas';

/** How long a client that lost its connection waits before it comes back, unless told otherwise. */
export const RETRY_MS = 2000;

/** What goes over the stream beside events: a sign of life, or that the client shall come back with the id of its last event. */
export type StreamItem =
  | { readonly kind: 'event'; readonly event: TimelineEvent }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'reconnect'; readonly retryMs: number };

function encode(item: StreamItem): string {
  if (item.kind === 'heartbeat') return ': heartbeat\n\n';
  if (item.kind === 'reconnect') return `event: reconnect\nretry: ${item.retryMs}\ndata: {}\n\n`;
  const { id, type } = item.event;
  // JSON has no line breaks of its own.
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(item.event)}\n\n`;
}

/** Writes `text/event-stream`, as the HTML standard has it. */
export async function* encodeEventStream(items: AsyncIterable<StreamItem>): AsyncGenerator<string, void> {
  yield `retry: ${RETRY_MS}\n\n`;
  for await (const item of items) yield encode(item);
}
