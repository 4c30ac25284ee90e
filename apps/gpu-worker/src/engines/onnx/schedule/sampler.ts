/** Where a step leads. */
export interface StepResult {
  readonly latents: Float32Array;
  /** What the model takes the finished picture to be at this step. */
  readonly denoised: Float32Array;
}

export interface StepInput {
  /** From 0. Steps are taken in order: multistep solvers remember the ones before. */
  readonly index: number;
  readonly latents: Float32Array;
  readonly modelOutput: Float32Array;
  /** Fresh normal noise of the latents' size; called once at most. */
  readonly noise: () => Float32Array;
}

/** One run of a sampler over a fixed number of steps. */
export interface Sampler {
  /** What the model is told of each step, from the noisiest down. */
  readonly timesteps: readonly number[];
  /** Standard deviation of the noise that a run begins with. */
  readonly startDeviation: number;
  /** The latents as the model takes them. */
  modelInput(latents: Float32Array, index: number): Float32Array;
  /** A picture's latents as they are at the beginning of a step; after the last step there is no noise left. */
  addNoise(latents: Float32Array, noise: Float32Array, index: number): Float32Array;
  step(input: StepInput): StepResult;
}

/** Weighted sum of vectors of one length. */
export function combine(...terms: readonly (readonly [weight: number, vector: Float32Array])[]): Float32Array {
  const sum = new Float32Array(terms[0]?.[1].length ?? 0);
  for (const [weight, vector] of terms) {
    if (weight === 0) continue;
    for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + weight * (vector[at] ?? 0);
  }
  return sum;
}
