import { Server } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/**
 * From here on, every server of this process that names a host listens on loopback alone: `startFauxqs` asks for all
 * addresses, accepts any signature, and has no option for either.
 * @param onListen is given each server before it listens
 */
export function confineToLoopback(onListen: (server: Server) => void): void {
  const listen = Server.prototype.listen;
  const confined = function (this: Server, options: unknown, ...rest: never[]): Server {
    if (typeof options !== 'object' || options === null || !('port' in options)) {
      throw new TypeError('only listen({ port, host }) can be confined to loopback');
    }
    onListen(this);
    return listen.call(this, { ...options, host: LOOPBACK }, ...rest);
  };
  Server.prototype.listen = confined;
}
