import { describe, expect, it } from 'vitest';
import { aFixedPool, poisson } from '../../test/a-simulation.ts';
import { simulate } from './simulate.ts';

/** Mean wait in M/M/c (Erlang C), in units of the service time. */
function erlangC(servers: number, load: number): number {
  let term = 1;
  let sum = 0;
  for (let k = 0; k < servers; k += 1) {
    sum += term;
    term *= load / (k + 1);
  }
  const queued = (term * servers) / (servers - load);
  return queued / (sum + queued) / (servers - load);
}

/** Longer than any of the processes. */
const LONG = { horizonSeconds: 2_000_000 };

describe('against closed forms', () => {
  it.each([
    [1, 0.5],
    [1, 0.8],
    [3, 2.4],
    [8, 6],
  ])('M/M/%i at a load of %f waits as Erlang C says', (servers, load) => {
    const input = aFixedPool(servers, { arrivals: poisson(400_000, load), service: 'exponential', ...LONG });
    const { waitSeconds } = simulate(input);

    expect(Math.abs(waitSeconds.mean / erlangC(servers, load) - 1)).toBeLessThan(0.05);
  });

  it.each([0.3, 0.6, 0.85])('M/D/1 at a load of %f waits as Pollaczek and Khinchine say', (load) => {
    const { waitSeconds } = simulate(aFixedPool(1, { arrivals: poisson(400_000, load), ...LONG }));

    expect(Math.abs(waitSeconds.mean / (load / (2 * (1 - load))) - 1)).toBeLessThan(0.05);
  });

  it('has the wait of M/M/1 exponential: its 95th percentile is where the closed form has it', () => {
    const load = 0.7;
    const { waitSeconds } = simulate(
      aFixedPool(1, { arrivals: poisson(400_000, load), service: 'exponential', ...LONG }),
    );

    expect(Math.abs(waitSeconds.p95 / (Math.log(load / 0.05) / (1 - load)) - 1)).toBeLessThan(0.05);
  });
});

describe('scaling', () => {
  const pool = {
    scaling: { min: 0, max: 10, pollSeconds: 10, idleSeconds: 300 },
    capacities: [{ market: 'spot', maxPods: 10 }],
  } as const;
  const starting = {
    nodeStart: { p50: 40, p95: 40 },
    imagePull: { p50: 30, p95: 30 },
    modelLoad: { p50: 15, p95: 15 },
  };

  it('lets the first job wait for the poll, the machine, the image and the model', () => {
    const input = aFixedPool(1, { ...pool, ...starting, batchingSeconds: 2, arrivals: Float64Array.of(5) });
    const { waitSeconds, launches, seconds } = simulate(input);

    expect(waitSeconds.max).toBe(5 + 2 + 40 + 30 + 15);
    expect(launches).toEqual({ spot: 1, onDemand: 0 });
    // The job runs from 97 to 98 s. KEDA sees it last at 90 s, and ends the pod 300 s later; the machine goes 120 s after it.
    expect(seconds.spot).toEqual({ scaleUp: 85, busy: 1, idle: 390 + 120 - 98, lost: 0 });
  });

  it('starts On-Demand machines while there are none on Spot', () => {
    const capacities = [
      { market: 'spot', maxPods: 10 },
      { market: 'onDemand', maxPods: 4 },
    ] as const;
    const input = aFixedPool(1, { ...pool, capacities, spotUnavailableShare: 1, arrivals: Float64Array.of(5) });

    expect(simulate(input).launches).toEqual({ spot: 0, onDemand: 1 });
  });

  it('begins a job anew that its machine did not outlive, on another one', () => {
    const input = aFixedPool(1, {
      ...pool,
      serviceSeconds: 1800,
      arrivals: Float64Array.of(1),
      interruptionsPerHour: 6,
      horizonSeconds: 360_000,
    });
    const { lostRuns, seconds, jobs } = simulate(input);

    expect(jobs).toBe(1);
    expect(lostRuns).toBeGreaterThan(0);
    expect(seconds.spot.busy).toBe(1800);
    expect(seconds.spot.lost).toBeGreaterThan(0);
  });

  it('puts interactive jobs before those of the batch queue', () => {
    const arrivals = new Float64Array(200).fill(1);
    const both = simulate(aFixedPool(1, { arrivals, batchShare: 0.5 }));

    expect(both.waitSeconds.max).toBe(199);
  });

  it('refuses a pool that will never be done', () => {
    const input = aFixedPool(1, { arrivals: poisson(10_000, 1), serviceSeconds: 100, horizonSeconds: 3600 });

    expect(() => simulate(input)).toThrow(/of 10000 jobs are not done after 20 times the period/);
  });
});
