import type { EngineModel } from '../../engine.ts';

/** Where models come from. */
export interface ModelStore {
  /** The models that are there. One that is broken is left out. @throws Error when the place itself cannot be read */
  list(signal: AbortSignal): Promise<readonly EngineModel[]>;
  /**
   * Sees to it that a model is on a disk of this machine.
   * @returns its folder
   * @throws EngineError that names what is missing or wrong
   */
  open(id: string, signal: AbortSignal): Promise<string>;
}
