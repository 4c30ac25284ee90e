import type { Socket } from 'node:dgram';

/** What the daemon reads before each document. */
const HEAD = '{"format":"json","version":1}\n';
const ADDRESS = /(?:^|\budp:)([^\s:]+):(\d{1,5})(?=\s|$)/;

/** Sends one segment document. It never throws, and nobody waits for it. */
export type SendDocument = (document: Readonly<Record<string, unknown>>) => void;

/**
 * Sends to the X-Ray daemon by UDP (https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html).
 * @param address of `AWS_XRAY_DAEMON_ADDRESS`: `host:port`, or `tcp:host:port udp:host:port`
 * @throws Error when it is neither
 */
export function toDaemon(address: string): SendDocument {
  const [, host, port] = ADDRESS.exec(address) ?? [];
  if (host === undefined) {
    throw new Error(`AWS_XRAY_DAEMON_ADDRESS must be host:port, or tcp:host:port udp:host:port, got "${address}"`);
  }
  let socket: Socket | undefined;

  function open(): Socket {
    // Loaded with the first document: most invocations are not sampled, and a cold start need not wait for it.
    const opened = process.getBuiltinModule('node:dgram').createSocket('udp4');
    opened.on('error', () => undefined);
    opened.unref();
    return opened;
  }

  return (document) => {
    try {
      socket ??= open();
      socket.send(`${HEAD}${JSON.stringify(document)}`, Number(port), host, () => undefined);
    } catch {
      // Tracing is beside the work.
    }
  };
}
