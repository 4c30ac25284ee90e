import { describe, expect, it } from 'vitest';
import type { LoadedModel } from '../model/load-model.ts';
import type { ModelFolder } from '../model/model-folder.ts';
import { ModelCache } from './model-cache.ts';

/** Models of the sizes that their names are. */
function aCache(memoryBytes: number) {
  const events: string[] = [];
  const read = async (directory: string): Promise<ModelFolder> => ({
    id: directory,
    directory,
    index: { _class_name: '', force_zeros_for_empty_prompt: true },
    family: 'sd',
    tasks: [],
    bytes: Number(directory.replaceAll(/\D/g, '')),
  });
  const load = async (folder: ModelFolder): Promise<LoadedModel> => {
    events.push(`+${folder.id}`);
    const release = async () => void events.push(`-${folder.id}`);
    const model: Partial<LoadedModel> = { folder, release };
    return model as LoadedModel;
  };
  return { cache: new ModelCache({ read, load, memoryBytes }), events };
}

describe('ModelCache', () => {
  it('loads a model once', async () => {
    const { cache, events } = aCache(100);
    const first = await cache.use('a40');
    expect(await cache.use('a40')).toBe(first);
    expect(events).toEqual(['+a40']);
  });

  it('lets go of what was used least lately, of no more than it must, and before it loads', async () => {
    const { cache, events } = aCache(100);
    for (const id of ['a40', 'b40', 'a40', 'c50', 'd10', 'e90']) await cache.use(id);
    expect(events).toEqual(['+a40', '+b40', '-b40', '+c50', '+d10', '-a40', '-c50', '+e90']);
  });

  it('refuses a model that is larger than all its memory, and keeps the others', async () => {
    const { cache, events } = aCache(100);
    await cache.use('a40');
    await expect(cache.use('b101')).rejects.toMatchObject({ code: 'out_of_memory', isRetryable: false });
    await cache.use('a40');
    expect(events).toEqual(['+a40']);
  });

  it('loads a model again that it was told to drop', async () => {
    const { cache, events } = aCache(100);
    await cache.use('a40');
    await cache.drop('a40');
    await cache.drop('a40');
    await cache.use('a40');
    expect(events).toEqual(['+a40', '-a40', '+a40']);
  });
});
