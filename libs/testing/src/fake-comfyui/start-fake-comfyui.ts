import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { EventSockets } from './event-sockets.ts';
import type { QueuedPrompt } from './fake-executor.ts';
import { FakeExecutor } from './fake-executor.ts';
import type { ComfyUiFaults } from './faults.ts';
import { FaultSwitches } from './faults.ts';
import { OutputFiles } from './output-files.ts';
import { makeRoutes } from './routes.ts';

export interface FakeComfyUiOptions {
  /**
   * `old`: gives prompts an id of its own, interrupts whatever runs, lists choices in the old style. `new`: takes lower-case
   * UUIDs alone, interrupts by id, says `COMBO`, adds metadata to previews.
   */
  readonly version: 'old' | 'new';
  readonly checkpoints?: readonly string[];
  readonly upscalers?: readonly string[];
  /** `user:password`, for a proxy with Basic authentication before the server. */
  readonly auth?: string;
  readonly msPerPrompt?: number;
  readonly faults?: Partial<ComfyUiFaults>;
  /** The port stays closed until `comeUp`. */
  readonly slowStart?: boolean;
}

export interface FakeComfyUi {
  readonly url: string;
  readonly faults: ComfyUiFaults;
  /** May be changed while the server runs. */
  msPerPrompt: number;
  checkpoints: readonly string[];
  readonly sockets: EventSockets;
  readonly executor: FakeExecutor;
  readonly uploads: ReadonlyMap<string, Uint8Array>;
  /** How often a route was asked: `requests('POST /prompt')`. */
  requests(route: string): number;
  /** The body of each `POST /prompt`. */
  readonly submitted: readonly Record<string, unknown>[];
  /** Puts a prompt of another client into the queue. */
  enqueue(prompt: Pick<QueuedPrompt, 'graph' | 'outputs'>): string;
  comeUp(): Promise<void>;
  /** The process ends, with its queue, history and files, and comes back on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A ComfyUI server without models: the shapes, rules and faults of the real one, on a free port of 127.0.0.1. */
export async function startFakeComfyUi(options: FakeComfyUiOptions): Promise<FakeComfyUi> {
  const isNew = options.version === 'new';
  const faults = new FaultSwitches(options.faults ?? {});
  const sockets = new EventSockets(faults, isNew);
  const files = new OutputFiles();
  const uploads = new Map<string, Uint8Array>();
  const counts = new Map<string, number>();
  const submitted: Record<string, unknown>[] = [];
  const expectedAuth = options.auth === undefined ? undefined : `Basic ${Buffer.from(options.auth).toString('base64')}`;
  const state = {
    msPerPrompt: options.msPerPrompt ?? 0,
    checkpoints: options.checkpoints ?? ['sdxl-base.safetensors'],
    upscalers: options.upscalers ?? ['4x-UltraSharp.pth'],
  };
  const executor: FakeExecutor = new FakeExecutor({
    faults,
    sockets,
    files,
    uploads,
    msPerPrompt: () => state.msPerPrompt,
    onRestart: () => void restart(),
  });
  const { route, enqueue } = makeRoutes({ isNew, faults, executor, files, uploads, submitted, state });

  function isAllowed(request: IncomingMessage): boolean {
    return expectedAuth === undefined || request.headers.authorization === expectedAuth;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const path = url.pathname.replace(/^\/api(?=\/)/, '');
    const name = `${request.method} ${path.split('/').slice(0, 2).join('/')}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const body = await buffer(request);
    const result = isAllowed(request) ? route({ request, path, url, body }) : { status: 401, body: 'Unauthorized' };
    if (result === 'drop') {
      request.socket.destroy();
      return;
    }
    const isText = typeof result.body === 'string' || result.body instanceof Uint8Array;
    response.writeHead(result.status, { 'content-type': isText ? 'text/plain' : 'application/json' });
    response.end(isText ? result.body : JSON.stringify(result.body));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  server.on('upgrade', (request, socket) => {
    if (isAllowed(request)) sockets.accept(request, socket);
    else socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
  });

  async function listen(port: number): Promise<number> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function goDown(): Promise<void> {
    executor.forget();
    sockets.dropAll();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  const port = await listen(0);
  if (options.slowStart === true) await goDown();

  async function restart(): Promise<void> {
    files.wipe();
    await goDown();
    await listen(port);
  }

  return {
    url: `http://127.0.0.1:${port}`,
    faults: faults.faults,
    get msPerPrompt() {
      return state.msPerPrompt;
    },
    set msPerPrompt(ms) {
      state.msPerPrompt = ms;
    },
    get checkpoints() {
      return state.checkpoints;
    },
    set checkpoints(names) {
      state.checkpoints = names;
    },
    sockets,
    executor,
    uploads,
    submitted,
    requests: (name) => counts.get(name) ?? 0,
    enqueue,
    comeUp: async () => void (await listen(port)),
    restart,
    stop: async () => {
      if (server.listening) await goDown();
    },
  };
}
