/**
 * What the fake can be told to do wrong. `silent…` and `nan` answer 200; `hang` and `resetConnection` keep the job running;
 * `slowStart` refuses every connection; `slowBegin` takes a job without showing it for a while; `noModel` is a checkpoint that failed to load;
 * `previewException` fails the progress whenever it is asked for with the picture.
 */
export type FakeFault =
  | 'oom'
  | 'nan'
  | 'nansException'
  | 'stickyCuda'
  | 'hang'
  | 'emptyImages'
  | 'fewerImages'
  | 'silentModelSwap'
  | 'silentSamplerSwap'
  | 'slowStart'
  | 'slowBegin'
  | 'restartMidJob'
  | 'http500'
  | 'http429'
  | 'resetConnection'
  | 'unauthorized'
  | 'hugeInfo'
  | 'badInfo'
  | 'otherSeeds'
  | 'modelMissing'
  | 'noModel'
  | 'corruptImage'
  | 'wrongSize'
  | 'previewException';

/** Faults that are on, each for a number of times. */
export class Faults {
  readonly #left = new Map<FakeFault, number>();

  inject(fault: FakeFault, times: number): void {
    this.#left.set(fault, times);
  }

  heal(fault: FakeFault): void {
    this.#left.delete(fault);
  }

  isOn(fault: FakeFault): boolean {
    return (this.#left.get(fault) ?? 0) > 0;
  }

  /** Whether it is on; uses up one time. */
  strikes(fault: FakeFault): boolean {
    const left = this.#left.get(fault) ?? 0;
    if (left > 0) this.#left.set(fault, left - 1);
    return left > 0;
  }
}
