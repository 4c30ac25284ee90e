import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod';

const keySchema = z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.string() }) });
const itemSchema = z.record(z.string(), z.unknown());
const requestSchema = z.object({ Key: keySchema.optional(), Item: z.intersection(keySchema, itemSchema).optional() });

type Item = Readonly<Record<string, unknown>>;

/** A table that answers at once, so that only its client is measured: puts and gets, and updates that do nothing. */
export interface InstantTable {
  readonly url: string;
  /** Gets so far. */
  readonly reads: number;
  /** Puts other attributes, in DynamoDB's form, on every item of the partition. */
  change(pk: string, attributes: Item): void;
  stop(): Promise<void>;
}

const nameOf = ({ pk, sk }: z.infer<typeof keySchema>) => `${pk.S} ${sk.S}`;

export async function startInstantTable(): Promise<InstantTable> {
  const items = new Map<string, Item>();
  let reads = 0;

  function answer(operation: string, body: string): object {
    const { Key, Item } = requestSchema.parse(JSON.parse(body));
    if (operation === 'PutItem' && Item !== undefined) items.set(nameOf(Item), Item);
    // What the counters of rates ask for, and nobody else looks at.
    if (operation !== 'GetItem' || Key === undefined) return { Attributes: { used: { N: '1' }, holders: { N: '1' } } };
    reads += 1;
    const item = items.get(nameOf(Key));
    return item === undefined ? {} : { Item: item };
  }

  const server = createServer(async (request, response) => {
    const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify(answer(operation, await text(request))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address object.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get reads() {
      return reads;
    },
    change(pk, attributes) {
      for (const [name, item] of items) if (name.startsWith(`${pk} `)) items.set(name, { ...item, ...attributes });
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
