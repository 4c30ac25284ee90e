import { describe, expect, it } from 'vitest';
import { noiseRatios, signalLevels } from './noise-levels.ts';
import { karrasRatios, ratioAt, timestepAt } from './noise-ratio-path.ts';
import { schedulerConfigSchema } from './scheduler-config.ts';
import { spacedTimesteps } from './timesteps.ts';

const levelsOf = (config: object) => signalLevels(schedulerConfigSchema.parse(config));

describe('signal levels', () => {
  // √ᾱ² at timesteps 0, 1, 499, 998 and 999, computed from the papers' equations in double precision.
  it.each([
    ['linear', [0.99915, 0.9982896, 0.1618121, 0.001598141, 0.001578963]],
    ['scaled_linear', [0.99915, 0.998296, 0.2776697, 0.004716699, 0.004660099]],
    ['squaredcos_cap_v2', [0.9999587, 0.9999126, 0.4938436, 2.428767e-6, 2.428767e-9]],
  ])('follow %s', (beta_schedule, expected) => {
    const levels = levelsOf({ beta_schedule });
    for (const [at, timestep] of [0, 1, 499, 998, 999].entries()) {
      expect((levels[timestep] ?? 0) / (expected[at] ?? 0)).toBeCloseTo(1, 6);
    }
  });

  it('end in no signal at all with zero terminal SNR, and begin as they did', () => {
    const levels = levelsOf({ rescale_betas_zero_snr: true });
    expect(levels[0]).toBeCloseTo(0.99915, 7);
    expect(levels[499]).toBeCloseTo(0.2423592, 7);
    expect(levels[998]).toBeCloseTo(1.967888e-7, 12);
    expect(levels[999]).toBe(0);
    expect(noiseRatios(levels)[999]).toBeCloseTo(Math.sqrt(2 ** 24 - 1), 3);
  });

  it('take the betas that a file lists', () => {
    expect([...levelsOf({ trained_betas: [0.5, 0.5] })]).toEqual([0.5, 0.25]);
  });
});

describe('timesteps', () => {
  it.each([
    ['linspace', 4, false, [999, 666, 333, 0]],
    ['linspace', 4, true, [999, 749.25, 499.5, 249.75]],
    ['linspace', 1, false, [0]],
    ['leading', 4, false, [751, 501, 251, 1]],
    ['leading', 7, true, [876, 751, 626, 501, 376, 251, 126]],
    ['leading', 1000, false, Array.from({ length: 1000 }, (_, index) => Math.min(999, 1000 - index))],
    ['trailing', 4, false, [999, 749, 499, 249]],
    ['trailing', 7, false, [999, 856, 713, 570, 428, 285, 142]],
    ['trailing', 1, false, [999]],
  ] as const)('are spaced %s over %i steps', (spacing, steps, hasEndpoint, expected) => {
    expect(spacedTimesteps({ trainSteps: 1000, steps, spacing, offset: 1, hasEndpoint })).toEqual(expected);
  });
});

describe('noise ratios', () => {
  const ratios = noiseRatios(levelsOf({}));

  it('lie on lines between the timesteps', () => {
    const at = [999, 749.25, 499.5, 249.75, 0].map((timestep) => ratioAt(ratios, timestep));
    for (const [index, expected] of [14.61464, 4.086088, 1.615583, 0.6951504, 0.02916716].entries()) {
      expect(at[index]).toBeCloseTo(expected, 5);
    }
  });

  it('follow Karras, and lead back to timesteps', () => {
    const karras = karrasRatios(ratios[0] ?? 0, ratios[999] ?? 0, 5);
    for (const [index, expected] of [14.61464, 4.796535, 1.2741, 0.2479499, 0.02916716].entries()) {
      expect(karras[index]).toBeCloseTo(expected, 5);
    }
    const timesteps = karras.map((sigma) => timestepAt(ratios, sigma));
    for (const [index, expected] of [999, 785.9536, 427.4887, 58.89097, 0].entries()) {
      expect(timesteps[index]).toBeCloseTo(expected, 3);
    }
    expect([timestepAt(ratios, 0), timestepAt(ratios, 1e6)]).toEqual([0, 999]);
  });
});
