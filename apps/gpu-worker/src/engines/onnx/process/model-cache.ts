import { EngineError } from '../../engine-error.ts';
import type { LoadedModel } from '../model/load-model.ts';
import type { ModelFolder } from '../model/model-folder.ts';

export interface ModelCachePorts {
  readonly read: (directory: string) => Promise<ModelFolder>;
  readonly load: (folder: ModelFolder) => Promise<LoadedModel>;
  readonly memoryBytes: number;
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;

/** Keeps the models that were used last in memory, as many as its budget allows; the one used least lately goes first. */
export class ModelCache {
  readonly #ports: ModelCachePorts;
  /** In the order of their last use. */
  readonly #models = new Map<string, LoadedModel>();

  constructor(ports: ModelCachePorts) {
    this.#ports = ports;
  }

  /** @throws EngineError `out_of_memory` for a model beyond the whole budget; what the reading and loading fails with */
  async use(directory: string): Promise<LoadedModel> {
    const kept = this.#models.get(directory);
    if (kept !== undefined) {
      this.#models.delete(directory);
      this.#models.set(directory, kept);
      return kept;
    }
    const folder = await this.#ports.read(directory);
    await this.#makeRoom(folder);
    const model = await this.#ports.load(folder);
    this.#models.set(directory, model);
    return model;
  }

  /** Forgets a model, as one that ran out of memory. */
  async drop(directory: string): Promise<void> {
    const model = this.#models.get(directory);
    this.#models.delete(directory);
    await model?.release();
  }

  async #makeRoom({ directory, bytes }: ModelFolder): Promise<void> {
    const { memoryBytes } = this.#ports;
    if (bytes > memoryBytes) {
      const message = `${directory}: its networks take ${gigabytes(bytes)}, more than the ${gigabytes(memoryBytes)} for models`;
      throw new EngineError('out_of_memory', message, { isRetryable: false });
    }
    for (const oldest of this.#models.keys()) {
      const used = [...this.#models.values()].reduce((sum, { folder }) => sum + folder.bytes, 0);
      if (used + bytes <= memoryBytes) return;
      await this.drop(oldest);
    }
  }
}
