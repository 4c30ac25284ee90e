import type { IncomingMessage } from 'node:http';
import { startRefusingProxy } from '../refusing-proxy.ts';

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
  const proxy = await startRefusingProxy(target, (request) => {
    if (fault === undefined || !fault.operations.test(operationOf(request))) return undefined;
    const body = JSON.stringify({ __type: fault.error, message: 'refused by the game day' });
    return { status: 400, contentType: 'application/x-amz-json-1.0', body };
  });
  return { ...proxy, refuse: (next) => void (fault = next) };
}
