import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { EngineError } from '../../engine-error.ts';
import { brokenModel } from '../model/model-error.ts';
import { CHECKSUM_FILE, parseChecksums } from './checksums.ts';
import type { DiskSpace } from './disk-space.ts';
import type { ModelSource } from './model-source.ts';

/** Names of folders that are being filled begin with this. */
export const PARTIAL = '.partial-';

/** What a model in a source consists of. */
export interface Manifest {
  readonly id: string;
  /** SHA-256 of each file, by its path. */
  readonly files: ReadonlyMap<string, string>;
  readonly bytes: number;
  /** Of the list of files: another one is another version of the model. */
  readonly version: string;
}

const VERSION_CHARACTERS = 16;

export function unknownModel({ name }: ModelSource, id: string): EngineError {
  return new EngineError('model_load_failed', `${name}: there is no model ${id}`, { isRetryable: false });
}

/** @throws EngineError when the list of checksums is missing or wrong, or a file that it names is */
export async function readManifest(source: ModelSource, id: string, signal: AbortSignal): Promise<Manifest> {
  const from = `${source.name}/${id}/${CHECKSUM_FILE}`;
  const sizes = await source.sizes(id, signal);
  if (sizes.size === 0) throw unknownModel(source, id);
  if (!sizes.has(CHECKSUM_FILE)) throw brokenModel(from, 'the file is missing');
  const sums = await text(await source.read(id, CHECKSUM_FILE, signal));
  const files = parseChecksums(sums, from);
  let bytes = 0;
  for (const path of files.keys()) {
    const size = sizes.get(path);
    if (size === undefined) throw brokenModel(`${source.name}/${id}/${path}`, 'the file is missing');
    bytes += size;
  }
  return { id, files, bytes, version: createHash('sha256').update(sums).digest('hex').slice(0, VERSION_CHARACTERS) };
}

async function store(body: Readable, file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  async function* hashed(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  }
  await pipeline(body, hashed, createWriteStream(file, { flags: 'wx' }), { signal });
  return hash.digest('hex');
}

/**
 * Downloads a model into a folder of its own beside the target, checks every file, and only then gives it the target's name:
 * a folder of that name is whole, also when several workers fill one disk.
 *
 * @throws EngineError when the space does not suffice, or a file is not what its checksum says
 */
export async function downloadModel(
  { source, space }: { source: ModelSource; space: DiskSpace },
  { id, files, bytes }: Manifest,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const release = await space.reserve(bytes, `the model ${id}`);
  const partial = await mkdtemp(join(dirname(target), PARTIAL));
  try {
    for (const [path, expected] of files) {
      const file = join(partial, path);
      await mkdir(dirname(file), { recursive: true });
      const found = await store(await source.read(id, path, signal), file, signal);
      if (found === expected) continue;
      const message = `${source.name}/${id}/${path}: its SHA-256 is ${found} instead of ${expected}`;
      throw new EngineError('model_load_failed', message, { isRetryable: true });
    }
    await rename(partial, target).catch((error: unknown) => {
      // Another worker was faster.
      if (!(error instanceof Error && 'code' in error && ['ENOTEMPTY', 'EEXIST'].includes(String(error.code))))
        throw error;
    });
  } finally {
    release();
    await rm(partial, { recursive: true, force: true });
  }
}
