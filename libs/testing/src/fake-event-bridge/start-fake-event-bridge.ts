import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import * as z from 'zod';

const putSchema = z.object({
  Entries: z
    .array(
      z.strictObject({
        EventBusName: z.string(),
        Source: z.string(),
        DetailType: z.string(),
        Detail: z.string(),
        Time: z.number(),
        Resources: z.array(z.string()),
      }),
    )
    .min(1)
    .max(10),
});
type Entry = z.infer<typeof putSchema>['Entries'][number];

/** An answer in the place of that which takes the entries. */
export interface BusFault {
  readonly status: number;
  readonly body: object;
}

/** A bus of EventBridge, which the emulators lack: takes `PutEvents` over HTTP and keeps what it took. */
export async function startFakeEventBridge() {
  const entries: Entry[] = [];
  const faults: BusFault[] = [];

  function answer(target: string, body: unknown): BusFault {
    if (target !== 'AWSEvents.PutEvents') return { status: 400, body: { __type: 'UnknownOperationException' } };
    const fault = faults.shift();
    if (fault !== undefined) return fault;
    const put = putSchema.parse(body);
    entries.push(...put.Entries);
    const taken = put.Entries.map((_entry, index) => ({ EventId: `event-${entries.length - index}` }));
    return { status: 200, body: { FailedEntryCount: 0, Entries: taken } };
  }

  async function answerTo(request: IncomingMessage): Promise<BusFault> {
    try {
      return answer(String(request.headers['x-amz-target']), await json(request));
    } catch {
      return { status: 400, body: { __type: 'ValidationException' } };
    }
  }

  const server = createServer(async (request, response) => {
    const { status, body } = await answerTo(request);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What the bus took, in order. */
    entries: entries as readonly Entry[],
    /** The next calls are answered with these. */
    faults,
    async stop(): Promise<void> {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
export type FakeEventBridge = Awaited<ReturnType<typeof startFakeEventBridge>>;
