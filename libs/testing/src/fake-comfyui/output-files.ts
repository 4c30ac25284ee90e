import type { Picture } from './png.ts';
import { encodePng } from './png.ts';

export interface FileRef {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: 'output' | 'temp' | 'input';
}

function keyOf({ type, subfolder, filename }: FileRef): string {
  return `${type}/${subfolder}/${filename}`;
}

/** The folders of the server. Names count from 00001 by what a folder holds, as the real `SaveImage` does. */
export class OutputFiles {
  readonly #files = new Map<string, Uint8Array>();

  get(ref: FileRef): Uint8Array | undefined {
    return this.#files.get(keyOf(ref));
  }

  put(ref: FileRef, data: Uint8Array): void {
    this.#files.set(keyOf(ref), data);
  }

  save(picture: Picture, prefix: string, type: 'output' | 'temp'): readonly FileRef[] {
    const slash = prefix.lastIndexOf('/');
    const subfolder = slash === -1 ? '' : prefix.slice(0, slash);
    const stem = prefix.slice(slash + 1);
    return Array.from({ length: picture.images }, (_, image) => {
      let number = 1;
      const name = () => ({ filename: `${stem}_${String(number).padStart(5, '0')}_.png`, subfolder, type });
      while (this.#files.has(keyOf(name()))) number += 1;
      const fill = 'seed' in picture.fill ? { seed: picture.fill.seed + image } : picture.fill;
      this.put(name(), encodePng({ ...picture, fill }));
      return name();
    });
  }

  wipe(): void {
    this.#files.clear();
  }
}
