import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod';

const bodySchema = z.object({ data: z.object({ job: z.object({ id: z.string() }) }) });

export interface Receiver {
  readonly url: string;
  /** When each job's webhook came, by `performance.now()`; every time of one that came again. */
  readonly arrivals: ReadonlyMap<string, readonly number[]>;
  /** Requests under way at the same time, at most. */
  readonly mostAtATime: () => number;
  stop(): Promise<void>;
}

/** A webhook receiver on loopback. @param isDead it takes every request and answers none */
export async function startReceiver(isDead: boolean): Promise<Receiver> {
  const arrivals = new Map<string, number[]>();
  let open = 0;
  let most = 0;
  async function receive(request: IncomingMessage, response: ServerResponse, arrivedMs: number): Promise<void> {
    const { id } = bodySchema.parse(JSON.parse(await text(request))).data.job;
    arrivals.set(id, [...(arrivals.get(id) ?? []), arrivedMs]);
    if (!isDead) response.writeHead(204).end();
  }

  const server = createServer((request, response) => {
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => (open -= 1));
    receive(request, response, performance.now()).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address object.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    arrivals,
    mostAtATime: () => most,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
