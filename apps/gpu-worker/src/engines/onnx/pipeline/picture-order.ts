import type { OnnxSampler } from '../schedule/make-sampler.ts';

/** Pixels of 8 bits a channel, rows from the top, without padding. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One picture to make. */
export interface PictureOrder {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  /** 1 and less: without the negative prompt. */
  readonly guidance: number;
  readonly sampler: OnnxSampler;
  readonly seed: number;
  /** What the picture begins as. */
  readonly from?: {
    /** RGB, of the picture's size. */
    readonly image: Pixels;
    /** Grey, of the same size: white where the picture may change. */
    readonly mask?: Pixels;
    /** Share of the steps that change it, 0 to 1. */
    readonly strength: number;
  };
}

/** What the making of a picture tells and asks on its way. */
export interface PictureHooks {
  /** After each step: its number, from 1, of how many, and a small picture of the state, a pixel a latent. */
  readonly onStep: (step: number, steps: number, preview: Pixels) => void;
  /** Awaited between any two runs of a network; what it throws ends the making. */
  readonly checkpoint: () => Promise<void>;
}
