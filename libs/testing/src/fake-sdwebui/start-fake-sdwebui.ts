import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type FakeFault, Faults } from './faults.ts';
import { makePicture } from './picture.ts';
import { Webui } from './webui.ts';
import {
  type Answer,
  exceptionAnswer,
  type FakeDialect,
  type FakeModel,
  listedModel,
  ok,
  samplersOf,
  UPSCALERS,
} from './wire-shapes.ts';

export interface FakeSdWebuiOptions {
  readonly dialect: FakeDialect;
  /** Time that the server is busy with one image; 0 as the default. */
  readonly msPerImage?: number;
  /** Time that another checkpoint takes to load. */
  readonly msPerLoad?: number;
  /** The first one is loaded at the start. */
  readonly models?: readonly FakeModel[];
  /** `user:password` that every request must bring. */
  readonly auth?: string;
  /** Puts a grid before the images where there is more than one. */
  readonly hasGrid?: boolean;
  /** Whether the server is set to make previews while it samples, as a new installation is; not unless given. */
  readonly hasLivePreviews?: boolean;
  readonly port?: number;
}

export interface GenerationRequest {
  /** `txt2img`, `img2img` or `extra-single-image`. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
}

export interface FakeSdWebui {
  readonly url: string;
  /** Every generation that was asked for, in order. */
  readonly generations: readonly GenerationRequest[];
  /** How often each other path was asked for, without `/sdapi/v1/`. */
  readonly counts: ReadonlyMap<string, number>;
  /** How often the progress was asked for with the picture, which is what costs the server its time. */
  readonly imagesAsked: number;
  /** Most generations that ran, or waited for the lock, at the same time. */
  readonly maxInFlight: number;
  readonly isBusy: boolean;
  /** When each generation came in and when its answer was written, by `performance.now()` of its process. */
  readonly spans: readonly { readonly startedAtMs: number; readonly endedAtMs: number }[];
  /** Turns a fault on, for ever or for a number of times. */
  inject(fault: FakeFault, times?: number): void;
  heal(fault: FakeFault): void;
  /** Ends the job and every connection, as a crash with a new start does. */
  restart(): void;
  stop(): Promise<void>;
}

const MODELS: readonly FakeModel[] = [
  { name: 'dreamshaper', hash: '879db523c3' },
  { name: 'juggernaut', hash: '33e58e8668' },
];
const PREFIX = '/sdapi/v1/';
/** Of the approximate previews of a picture of 512 pixels: a pixel a latent. */
const PREVIEW_SIDE = 64;
const GENERATION_PATHS: ReadonlySet<string> = new Set(['txt2img', 'img2img', 'extra-single-image']);
const NOT_FOUND: Answer = { status: 404, body: { detail: 'Not Found' } };
/** The server is stopped in the midst of a request after this long, where a fault asks for that. */
const MIDST_MS = 20;

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return new URL(url, 'http://fake').pathname;
}

function isGeneration(request: IncomingMessage): boolean {
  const path = pathOf(request);
  return request.method === 'POST' && path.startsWith(PREFIX) && GENERATION_PATHS.has(path.slice(PREFIX.length));
}

class FakeServer implements FakeSdWebui {
  readonly generations: GenerationRequest[] = [];
  readonly counts = new Map<string, number>();
  readonly spans: { readonly startedAtMs: number; readonly endedAtMs: number }[] = [];
  readonly #faults = new Faults();
  readonly #webui: Webui;
  readonly #auth: string | undefined;
  readonly #server: Server;
  readonly #hasLivePreviews: boolean;
  #inFlight = 0;
  imagesAsked = 0;
  maxInFlight = 0;
  url = '';

  constructor(options: FakeSdWebuiOptions) {
    const { dialect, msPerImage = 0, msPerLoad = 0, models = MODELS, hasGrid = false, auth } = options;
    this.#webui = new Webui({ dialect, msPerImage, msPerLoad, models, hasGrid }, this.#faults);
    this.#hasLivePreviews = options.hasLivePreviews ?? false;
    this.#auth = auth === undefined ? undefined : `Basic ${Buffer.from(auth).toString('base64')}`;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get isBusy(): boolean {
    return this.#webui.running > 0;
  }

  inject(fault: FakeFault, times = Number.POSITIVE_INFINITY): void {
    this.#faults.inject(fault, times);
  }

  heal(fault: FakeFault): void {
    this.#faults.heal(fault);
  }

  restart(): void {
    this.#webui.restart();
    this.#inFlight = 0;
    this.#server.closeAllConnections();
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the fake has no port');
    this.url = `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => {
      this.#server.close(resolve);
    });
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#faults.strikes('slowStart')) {
      request.socket.destroy();
      return;
    }
    const arrivedAtMs = performance.now();
    try {
      const answer = await this.#answer(request);
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(answer.status === 204 ? undefined : JSON.stringify(answer.body ?? null));
      // One that waited for the lock began when the one before had ended.
      const startedAtMs = Math.max(arrivedAtMs, this.spans.at(-1)?.endedAtMs ?? 0);
      if (isGeneration(request)) this.spans.push({ startedAtMs, endedAtMs: performance.now() });
    } catch (error) {
      // A connection that went away while its body was read.
      response.destroy(error instanceof Error ? error : undefined);
    }
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const pathname = pathOf(request);
    if (!pathname.startsWith(PREFIX)) return NOT_FOUND;
    const path = pathname.slice(PREFIX.length);
    const isRefused = this.#auth !== undefined && request.headers.authorization !== this.#auth;
    if (isRefused || this.#faults.isOn('unauthorized'))
      return { status: 401, body: { detail: 'Incorrect username or password' } };
    if (isGeneration(request)) return this.#generate(request, path);
    this.counts.set(path, (this.counts.get(path) ?? 0) + 1);
    return path === 'progress' ? this.#progress(request) : this.#control(path);
  }

  async #generate(request: IncomingMessage, path: string): Promise<Answer> {
    const body = await readJson(request);
    this.generations.push({ path, headers: request.headers, body });
    this.#inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.#inFlight);
    if (this.#faults.strikes('resetConnection')) setTimeout(() => request.socket.destroy(), MIDST_MS);
    if (this.#faults.strikes('restartMidJob')) setTimeout(() => this.restart(), MIDST_MS);
    try {
      return await this.#webui.locked(() => this.#webui.generate(body, path));
    } finally {
      this.#inFlight = Math.max(this.#inFlight - 1, 0);
    }
  }

  /** The picture is sent unless a client says that it wants none. */
  #progress({ url = '/' }: IncomingMessage): Answer {
    const isWanted = new URL(url, 'http://fake').searchParams.get('skip_current_image') !== 'true';
    if (isWanted) this.imagesAsked += 1;
    if (isWanted && this.#faults.isOn('previewException')) {
      return exceptionAnswer(this.#webui.options.dialect, 'OSError', 'cannot write mode RGBA as JPEG');
    }
    const preview = makePicture({ width: PREVIEW_SIDE, height: PREVIEW_SIDE, seed: 1, parameters: '' });
    return ok(this.#webui.state.report(isWanted && this.#hasLivePreviews ? preview.toString('base64') : null));
  }

  #control(path: string): Answer {
    const webui = this.#webui;
    const { dialect, models } = webui.options;
    const isSdNext = dialect === 'sdnext';
    const loaded = webui.loaded;
    switch (path) {
      case 'interrupt':
        if (!this.#faults.isOn('hang')) webui.state.interrupt();
        return isSdNext ? { status: 204 } : ok({});
      case 'memory':
        return ok({ ram: { free: 8e9, used: 4e9, total: 12e9 }, cuda: { events: { retries: 0, oom: webui.ooms } } });
      case 'options':
        return ok({
          samples_format: 'png',
          sd_model_checkpoint: loaded?.name ?? null,
          sd_checkpoint_hash: loaded?.hash ?? '',
        });
      case 'sd-models':
        return ok(this.#faults.isOn('modelMissing') ? [] : models.map(listedModel));
      case 'samplers':
        return ok(samplersOf(dialect).map((name) => ({ name, aliases: [], options: {} })));
      case 'upscalers':
        return ok(UPSCALERS);
      case 'refresh-checkpoints':
        return isSdNext ? { status: 204 } : ok(null);
      case 'unload-checkpoint':
      case 'reload-checkpoint':
        return ok({});
      case 'status':
        return isSdNext ? ok({ status: webui.running > 0 ? 'running' : 'idle', queued: 0, uptime: 60 }) : NOT_FOUND;
      case 'sd-modules':
        return dialect === 'forge' ? ok([]) : NOT_FOUND;
      default:
        return NOT_FOUND;
    }
  }
}

/** Starts a fake SD WebUI on a loopback port that replays what real servers answer, mistakes included. */
export async function startFakeSdWebui(options: FakeSdWebuiOptions): Promise<FakeSdWebui> {
  const fake = new FakeServer(options);
  await fake.listen(options.port ?? 0);
  return fake;
}
