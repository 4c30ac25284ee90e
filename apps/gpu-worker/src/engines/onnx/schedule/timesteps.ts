import type { TimestepSpacing } from './scheduler-config.ts';

/** Numpy's rounding, which the timesteps of published models were chosen with: halves go to the even neighbour. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return value % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

export interface Spacing {
  readonly trainSteps: number;
  readonly steps: number;
  readonly spacing: TimestepSpacing;
  /** Added to the timesteps of `leading`. */
  readonly offset: number;
  /** Multistep solvers divide the way into one part more, and leave its end out. */
  readonly hasEndpoint?: boolean;
}

/**
 * The timesteps that the steps of a run stand at, from the noisiest down: the three ways of table 2 in Lin et al., "Common
 * Diffusion Noise Schedules and Sample Steps are Flawed" (2024). Those of `linspace` are not rounded.
 */
export function spacedTimesteps({ trainSteps, steps, spacing, offset, hasEndpoint = false }: Spacing): number[] {
  const parts = hasEndpoint ? steps + 1 : steps;
  const indexes = Array.from({ length: steps }, (_, index) => index);
  switch (spacing) {
    case 'linspace': {
      const last = Math.max(1, parts - 1);
      return indexes.map((index) => ((trainSteps - 1) * (parts - 1 - index)) / last);
    }
    case 'leading': {
      const stride = Math.floor(trainSteps / parts);
      return indexes.map((index) => Math.min(trainSteps - 1, (parts - 1 - index) * stride + offset));
    }
    case 'trailing':
      return indexes.map((index) => roundHalfEven(trainSteps - (index * trainSteps) / steps) - 1);
  }
}

/** The same, as whole numbers. */
export function wholeTimesteps(spacing: Spacing): number[] {
  return spacedTimesteps(spacing).map(roundHalfEven);
}
