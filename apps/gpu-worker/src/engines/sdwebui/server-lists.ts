import * as z from 'zod';
import { type Checkpoint, checkpointsSchema, findCheckpoint } from './checkpoints.ts';
import { plainSampler } from './samplers.ts';
import type { WebuiClient } from './webui-client.ts';

const samplersSchema = z.array(z.object({ name: z.string() }));
const upscalersSchema = z.array(z.object({ name: z.string(), model_path: z.string().nullish() }));

/** A refresh reads the directories of the models, which may be on a network volume. */
const REFRESH_MS = 60_000;
const FALLBACK_UPSCALER = 'Lanczos';

/** What the server has. Each list is read once and again when something is missing in it. */
export class ServerLists {
  readonly #client: WebuiClient;
  #checkpoints: readonly Checkpoint[] | undefined;
  #samplers: ReadonlySet<string> | undefined;
  #upscalers: z.infer<typeof upscalersSchema> | undefined;

  constructor(client: WebuiClient) {
    this.#client = client;
  }

  async checkpoints(signal: AbortSignal): Promise<readonly Checkpoint[]> {
    this.#checkpoints = await this.#client.get('sd-models', checkpointsSchema, signal);
    return this.#checkpoints;
  }

  /** Undefined when the server does not have it even after it looked at its directories again. */
  async findCheckpoint(name: string, signal: AbortSignal): Promise<Checkpoint | undefined> {
    const known = findCheckpoint(this.#checkpoints ?? (await this.checkpoints(signal)), name);
    if (known !== undefined) return known;
    await this.#client.post('refresh-checkpoints', signal, { timeoutMs: REFRESH_MS });
    return findCheckpoint(await this.checkpoints(signal), name);
  }

  async hasSampler(name: string, signal: AbortSignal): Promise<boolean> {
    this.#samplers ??= new Set(
      (await this.#client.get('samplers', samplersSchema, signal)).map(({ name }) => name.toLowerCase()),
    );
    return this.#samplers.has(name.toLowerCase()) || this.#samplers.has(plainSampler(name));
  }

  /**
   * The upscaler of this name; without one, the first that has its weights on the disk, since the others would be downloaded
   * in the midst of the job. Undefined when the server does not have it.
   */
  async findUpscaler(name: string | undefined, signal: AbortSignal): Promise<string | undefined> {
    this.#upscalers ??= await this.#client.get('upscalers', upscalersSchema, signal);
    if (name !== undefined) return this.#upscalers.find((each) => each.name === name)?.name;
    return this.#upscalers.find(({ model_path }) => model_path?.startsWith('/'))?.name ?? FALLBACK_UPSCALER;
  }
}
