import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { aFixedPool, poisson } from '../../test/a-simulation.ts';
import { MARKETS, type SimulationInput } from './simulation-input.ts';
import { simulate } from './simulate.ts';

const inputs = fc
  .record({
    jobs: fc.integer({ min: 0, max: 400 }),
    perSecond: fc.double({ min: 0.02, max: 2, noNaN: true }),
    serviceSeconds: fc.double({ min: 0.1, max: 200, noNaN: true }),
    max: fc.integer({ min: 1, max: 12 }),
    min: fc.integer({ min: 0, max: 1 }),
    spotPods: fc.integer({ min: 1, max: 12 }),
    jobsPerPod: fc.integer({ min: 1, max: 20 }),
    idleSeconds: fc.integer({ min: 0, max: 600 }),
    interruptionsPerHour: fc.double({ min: 0, max: 6, noNaN: true }),
    spotUnavailableShare: fc.double({ min: 0, max: 0.9, noNaN: true }),
    batchShare: fc.double({ min: 0, max: 1, noNaN: true }),
    drainSeconds: fc.integer({ min: 5, max: 300 }),
    startP50: fc.integer({ min: 0, max: 90 }),
    seed: fc.nat(),
  })
  .map(
    ({
      jobs,
      perSecond,
      serviceSeconds,
      min,
      max,
      spotPods,
      jobsPerPod,
      idleSeconds,
      startP50,
      ...rest
    }): SimulationInput =>
      aFixedPool(1, {
        ...rest,
        arrivals: poisson(jobs, perSecond, rest.seed),
        serviceSeconds,
        gapSeconds: 0.003,
        scaling: { min, max, pollSeconds: 10, idleSeconds },
        jobsPerPod: { interactive: jobsPerPod, batch: 4 },
        capacities: [
          { market: 'spot', maxPods: spotPods },
          { market: 'onDemand', maxPods: max },
        ],
        batchingSeconds: 2,
        nodeStart: { p50: startP50, p95: startP50 * 1.5 },
        imagePull: { p50: startP50, p95: startP50 * 1.5 },
        modelLoad: { p50: 10, p95: 20 },
        horizonSeconds: 50_000,
      }),
  );

it('does every job once, pays for every second of every machine once, and is the same with the same seed', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const result = simulate(input);
      const { arrivals, serviceSeconds, capacities, horizonSeconds } = input;
      const busy = MARKETS.reduce((sum, market) => sum + result.seconds[market].busy, 0);

      // Work is done once, whatever was lost before.
      expect(busy).toBeCloseTo(arrivals.length * serviceSeconds, 3);
      expect(result.jobs).toBe(arrivals.length);
      // A job ends after its wait and its work, not before.
      const leastSeconds = arrivals.length === 0 ? 0 : result.waitSeconds.mean + serviceSeconds - 1e-6;
      expect(result.turnaroundSeconds.mean).toBeGreaterThanOrEqual(leastSeconds);
      expect(result.waitSeconds.p50).toBeGreaterThanOrEqual(0);
      // Little's law of what is paid for: no more machine time than room and time there is.
      for (const { market, maxPods } of capacities) {
        const { scaleUp, idle, busy: worked, lost } = result.seconds[market];
        expect(Math.min(scaleUp, idle, worked, lost)).toBeGreaterThanOrEqual(0);
        expect(scaleUp + idle + worked + lost).toBeLessThanOrEqual(maxPods * result.endsAt + 1e-6);
      }
      expect(result.endsAt).toBeGreaterThanOrEqual(horizonSeconds);
      expect(result.lostRuns === 0).toBe(MARKETS.every((market) => result.seconds[market].lost === 0));
      expect(simulate(input)).toEqual(result);
    }),
    { numRuns: 150 },
  );
});
