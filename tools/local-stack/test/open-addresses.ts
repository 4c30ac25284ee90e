import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';

const TIMEOUT_MS = 1000;

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** The addresses of this machine, other than 127.0.0.1 and ::1, at which somebody listens on the port. */
export async function openAddresses(port: number): Promise<string[]> {
  const external = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).flatMap(({ address, internal, scopeid }) =>
      internal ? [] : [scopeid === undefined || scopeid === 0 ? address : `${address}%${name}`],
    ),
  );
  // Linux has all of 127.0.0.0/8, so a server on every address shows there even without a network.
  const candidates = [...external, '127.0.0.2'];
  const open = await Promise.all(candidates.map(async (address) => ((await accepts(address, port)) ? [address] : [])));
  return open.flat();
}
