import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { toDaemon } from './xray-daemon.ts';

async function aDaemon() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const received = once(socket, 'message').then(([datagram]) => String(datagram).split('\n'));
  return { port: socket.address().port, received, close: () => void socket.close() };
}

it.each([
  ['host:port', (port: number) => `127.0.0.1:${port}`],
  ['both protocols', (port: number) => `tcp:192.0.2.1:2000 udp:127.0.0.1:${port}`],
  ['both, UDP first', (port: number) => `udp:127.0.0.1:${port} tcp:192.0.2.1:2000`],
])('a document is sent to the address of %s', async (_name, addressOf) => {
  const daemon = await aDaemon();
  toDaemon(addressOf(daemon.port))({ id: 'a' });

  const [head, document] = await daemon.received;
  daemon.close();
  expect([head, document].map((line) => JSON.parse(line ?? ''))).toEqual([{ format: 'json', version: 1 }, { id: 'a' }]);
});

it('what cannot be sent does not matter to who sends it', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;

  expect(() => toDaemon('127.0.0.1:1')(circle)).not.toThrow();
});

it.each(['127.0.0.1', 'tcp:127.0.0.1:2000', 'udp:127.0.0.1'])('the address %s is refused by name', (address) => {
  expect(() => toDaemon(address)).toThrow(`AWS_XRAY_DAEMON_ADDRESS must be host:port`);
});
