/**
 * Classifier-free guidance: Ho and Salimans, "Classifier-Free Diffusion Guidance" (2022), equation 6, with the scale that
 * Stable Diffusion counts by: 1 is the prompt alone.
 */
export function guide(negative: Float32Array, positive: Float32Array, scale: number): Float32Array {
  return positive.map((value, at) => {
    const base = negative[at] ?? 0;
    return base + scale * (value - base);
  });
}

/** Sines and cosines of 1000 · (guidance - 1): the input of Luo et al., "Latent Consistency Models" (2023), section 4.2. */
export function guidanceEmbedding(guidance: number, size: number): Float32Array {
  const half = Math.floor(size / 2);
  const rate = Math.log(10_000) / (half - 1);
  const embedding = new Float32Array(size);
  for (let at = 0; at < half; at += 1) {
    const angle = (guidance - 1) * 1000 * Math.exp(-rate * at);
    embedding[at] = Math.sin(angle);
    embedding[half + at] = Math.cos(angle);
  }
  return embedding;
}
