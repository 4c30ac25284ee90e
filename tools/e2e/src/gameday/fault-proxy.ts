import { createServer, type IncomingMessage, request as forward, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

/** Stands between an app and a service of AWS. */
export interface FaultProxy {
  readonly url: string;
  /** From now on, operations whose name matches are refused with the error; undefined lets everything pass. */
  refuse(fault: Fault | undefined): void;
  stop(): Promise<void>;
}

export interface Fault {
  /** Such as `ReceiveMessage`. */
  readonly operations: RegExp;
  /** Type of the error in AWS's JSON protocols. */
  readonly error: string;
}

const FORWARD_MS = 30_000;

function operationOf({ headers }: IncomingMessage): string {
  return (
    String(headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1) ?? ''
  );
}

/** A proxy to the service at `target`, on a free port of loopback. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let fault: Fault | undefined;

  function pass(incoming: IncomingMessage, answer: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = incoming;
    const outgoing = forward(new URL(url, target), { method, headers, timeout: FORWARD_MS }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      pipeline(reply, answer, () => undefined);
    });
    answer.once('close', () => outgoing.destroy());
    pipeline(incoming, outgoing, () => undefined);
    outgoing.once('error', () => answer.destroy());
  }

  const server = createServer((incoming, answer) => {
    if (fault === undefined || !fault.operations.test(operationOf(incoming))) return pass(incoming, answer);
    incoming.resume();
    const body = JSON.stringify({ __type: fault.error, message: 'refused by the game day' });
    answer.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse: (next) => void (fault = next),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
