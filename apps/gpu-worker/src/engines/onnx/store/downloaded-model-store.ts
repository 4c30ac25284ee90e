import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '@afterimage/telemetry';
import type { EngineModel } from '../../engine.ts';
import { EngineError } from '../../engine-error.ts';
import { readModelFolder } from '../model/model-folder.ts';
import { CHECKSUM_FILE, isSafePath } from './checksums.ts';
import type { DiskSpace } from './disk-space.ts';
import { downloadModel, type Manifest, PARTIAL, readManifest, unknownModel } from './download-model.ts';
import type { ModelSource } from './model-source.ts';
import type { ModelStore } from './model-store.ts';

export interface DownloadedModelStoreOptions {
  readonly source: ModelSource;
  /** Folder on a disk of this machine; models are `<id>/<version>` in it. */
  readonly cache: string;
  readonly space: DiskSpace;
  /** How long a download may take. */
  readonly loadSeconds: number;
  readonly log: Log;
  readonly now: () => Date;
}

/** What a worker that was killed left behind is removed when nobody can be at it any more. */
const STALE_MS = 24 * 3600 * 1000;

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

/** Models of a source, each downloaded once, by the version of its checksums, and kept until the disk is too small. */
export class DownloadedModelStore implements ModelStore {
  readonly #options: DownloadedModelStoreOptions;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(options: DownloadedModelStoreOptions) {
    this.#options = options;
  }

  async list(signal: AbortSignal): Promise<readonly EngineModel[]> {
    const { source } = this.#options;
    const models: EngineModel[] = [];
    for (const id of await source.ids(signal)) {
      const sizes = await source.sizes(id, signal);
      if (!isSafePath(id) || !sizes.has(CHECKSUM_FILE)) continue;
      const hasEncoder = sizes.has('vae_encoder/model.onnx');
      models.push({ id, tasks: hasEncoder ? ['text-to-image', 'image-to-image'] : ['text-to-image'] });
    }
    return models;
  }

  async open(id: string, signal: AbortSignal): Promise<string> {
    const { source, cache, loadSeconds, now } = this.#options;
    // Part of a key and of a path.
    if (!isSafePath(id) || id.includes('/')) throw unknownModel(source, id);
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(loadSeconds * 1000)]);
    try {
      const manifest = await readManifest(source, id, inTime);
      const directory = join(cache, id, manifest.version);
      if (!(await isDirectory(directory))) await this.#download(manifest, directory, inTime);
      await utimes(directory, now(), now());
      await readModelFolder(directory);
      return directory;
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof EngineError) throw cause;
      const message = inTime.aborted ? `was not loaded within ${loadSeconds} s` : 'cannot be loaded';
      throw new EngineError('model_load_failed', `${source.name}/${id}: ${message}`, { isRetryable: true, cause });
    }
  }

  /** One download of a version at a time. */
  async #download(manifest: Manifest, directory: string, signal: AbortSignal): Promise<void> {
    const running = this.#underWay.get(directory);
    if (running !== undefined) return running;
    const download = this.#fetch(manifest, directory, signal).finally(() => this.#underWay.delete(directory));
    this.#underWay.set(directory, download);
    return download;
  }

  async #fetch(manifest: Manifest, directory: string, signal: AbortSignal): Promise<void> {
    const { source, cache, space, log } = this.#options;
    await mkdir(cache, { recursive: true });
    await this.#clear();
    await this.#makeRoom(manifest.bytes);
    log.info('model download begins', { model: manifest.id, bytes: manifest.bytes });
    await downloadModel({ source, space }, manifest, directory, signal);
    log.info('model downloaded', { model: manifest.id, version: manifest.version });
  }

  /** Removes the models that were used least lately, until there is space. */
  async #makeRoom(bytes: number): Promise<void> {
    const { space, log } = this.#options;
    const kept = (await this.#versions()).sort((a, b) => a.usedMs - b.usedMs);
    for (const { directory } of kept) {
      if (await space.has(bytes)) return;
      log.info('model removed for want of space', { directory });
      await rm(directory, { recursive: true, force: true });
    }
  }

  async #clear(): Promise<void> {
    for (const { directory, name, usedMs } of await this.#versions(true)) {
      const isStale = this.#options.now().getTime() - usedMs > STALE_MS;
      if (name.startsWith(PARTIAL) && isStale) await rm(directory, { recursive: true, force: true });
    }
  }

  async #versions(withPartial = false) {
    const { cache } = this.#options;
    const found: { directory: string; name: string; usedMs: number }[] = [];
    for (const id of await namesIn(cache)) {
      for (const name of await namesIn(join(cache, id))) {
        if (name.startsWith(PARTIAL) !== withPartial) continue;
        const directory = join(cache, id, name);
        found.push({ directory, name, usedMs: (await stat(directory)).mtimeMs });
      }
    }
    return found;
  }
}
