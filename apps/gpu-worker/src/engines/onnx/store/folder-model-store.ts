import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Log } from '@afterimage/telemetry';
import type { EngineModel } from '../../engine.ts';
import { EngineError } from '../../engine-error.ts';
import { INDEX_FILE, readModelFolder } from '../model/model-folder.ts';
import type { ModelStore } from './model-store.ts';

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Models in a folder, of this machine or of EFS: the folder is a model itself, or has models for its folders. */
export class FolderModelStore implements ModelStore {
  readonly #root: string;
  readonly #log: Log;

  constructor(root: string, { log }: { log: Log }) {
    this.#root = resolve(root);
    this.#log = log;
  }

  async list(signal: AbortSignal): Promise<readonly EngineModel[]> {
    const models: EngineModel[] = [];
    for (const directory of await this.#directories()) {
      signal.throwIfAborted();
      try {
        const { id, tasks } = await readModelFolder(directory);
        models.push({ id, tasks });
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        this.#log.error('model is broken', { directory, error });
      }
    }
    return models;
  }

  async open(id: string, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    // An id is only ever compared with the names that are there, and never made part of a path.
    for (const directory of await this.#directories()) {
      if (basename(directory) !== id) continue;
      await readModelFolder(directory);
      return directory;
    }
    throw new EngineError('model_load_failed', `${this.#root}: there is no model ${id}`, { isRetryable: false });
  }

  async #directories(): Promise<string[]> {
    if (await isFile(join(this.#root, INDEX_FILE))) return [this.#root];
    const entries = await readdir(this.#root).catch((cause: unknown) => {
      throw new EngineError('model_load_failed', `${this.#root}: the folder of models cannot be read`, {
        isRetryable: true,
        cause,
      });
    });
    const directories: string[] = [];
    for (const name of entries.sort()) {
      if (await isFile(join(this.#root, name, INDEX_FILE))) directories.push(join(this.#root, name));
    }
    return directories;
  }
}
