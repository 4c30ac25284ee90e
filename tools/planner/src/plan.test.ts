import { describe, expect, it } from 'vitest';
import { aPlanInput } from '../test/a-plan.ts';
import { ASSUMPTIONS, parseAssumptionsFile, withOverrides } from './assumptions.ts';
import { parseOverrides, parsePoolSettings } from './name-values.ts';
import { makePlan } from './plan.ts';
import { withSettings } from './plan-request.ts';
import { parsePrices } from './prices/price-file.ts';
import { parseAxis, sweep } from './sweep.ts';

describe('a plan', () => {
  it('is the sum of its lines, and of its shares', () => {
    const { lines, usd, shares, images, machineHours } = makePlan(aPlanInput());

    expect(usd.total).toBeCloseTo(
      lines.reduce((sum, line) => sum + line.quantity * line.unitUsd, 0),
      8,
    );
    expect(usd.perThousandImages).toBeCloseTo((usd.total / images) * 1000, 8);
    expect(shares.busy + shares.idle + shares.scaleUp + shares.lost).toBeCloseTo(1, 12);
    expect(shares.busy * machineHours).toBeCloseTo((5000 * 1.5) / 3600, 6);
  });

  it('costs the same without jobs as with them, but for what jobs cost', () => {
    const few = makePlan(aPlanInput({ request: { imagesPerMonth: 1, secondsPerImage: 1 } }));
    const more = makePlan(aPlanInput());

    expect(few.usd.fixed).toBeCloseTo(more.usd.fixed, 8);
    expect(few.usd.total).toBeLessThan(more.usd.total);
  });

  it.each([
    [1.5, 0],
    [5, 20],
  ])('counts a preview for every two seconds of a job, which here takes %d s', (secondsPerImage, previews) => {
    const { lines } = makePlan(aPlanInput({ request: { imagesPerMonth: 10, secondsPerImage } }));

    expect(lines.find(({ what }) => what === 'previews put')?.quantity ?? 0).toBe(previews);
  });

  it('says of a pool that is too small how late the last job is', () => {
    const { deployment } = aPlanInput();
    const small = withSettings(deployment, { 'replicas.max': 1 });
    const plan = makePlan(aPlanInput({ deployment: small, request: { imagesPerMonth: 2000, secondsPerImage: 2000 } }));

    expect(plan.warnings).toEqual([expect.stringMatching(/^the pool is too small: the last job is done \d+\.\d days/)]);
  });

  it('takes machine and Spot price that are asked for', () => {
    const request = { imagesPerMonth: 10, secondsPerImage: 1, machine: 'g5.2xlarge', spotPrice: 0.53 };
    const { machine } = makePlan(aPlanInput({ request }));

    expect(machine).toMatchObject({ type: 'g5.2xlarge', hourUsd: { spot: 0.53, onDemand: 1.212 } });
  });
});

describe('what cannot be planned', () => {
  it('is named with field, value and limit', () => {
    const request = { imagesPerMonth: 30_000_000, secondsPerImage: 0 };

    expect(() => makePlan(aPlanInput({ request }))).toThrow(
      expect.objectContaining({
        lines: [
          expect.stringMatching(/^--images-per-month is 30000000: .*20000000/),
          expect.stringMatching(/^--seconds-per-image is 0: .*0\.001/),
        ],
      }),
    );
    expect(() => withOverrides({ imageKb: -1 })).toThrow('imageKb is -1, must be from 0 to 1000000');
    expect(() => withOverrides({ imageKB: 1 })).toThrow('"imageKB" is no assumption');
    expect(() => parseOverrides(['imageKb'])).toThrow('--set "imageKb" must be name=number');
    expect(() => parsePoolSettings(['weight=3'])).toThrow('"weight" is no setting');
    expect(() => parseAssumptionsFile('{"imageKb":"x"}', 'a.json')).toThrow('a.json is wrong');
    expect(() => withSettings(aPlanInput().deployment, { 'replicas.max': 99 })).toThrow(
      expect.objectContaining({ lines: [expect.stringContaining('24')] }),
    );
  });

  it('is a pool without a priced machine', () => {
    const prices = parsePrices('{"region":"eu-west-1","prices":{},"instances":{}}', 'eu.json');

    expect(() => makePlan(aPlanInput({ prices }))).toThrow('of none of the machines g6.xlarge, g6.2xlarge');
  });
});

describe('a sweep', () => {
  it('has a plan for each combination, cheapest first, and marks those that no other beats', () => {
    const rows = sweep(aPlanInput(), [parseAxis('jobsPerPod=1,8'), parseAxis('idleSeconds=60,300')]);

    expect(rows).toHaveLength(4);
    const costs = rows.map(({ plan }) => plan.usd.total);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    expect(rows[0]?.isBest).toBe(true);
    for (const row of rows.filter(({ isBest }) => isBest)) {
      const p95 = row.plan.simulation.waitSeconds.p95;
      expect(
        rows.every(
          (other) => other.plan.usd.total >= row.plan.usd.total || other.plan.simulation.waitSeconds.p95 > p95,
        ),
      ).toBe(true);
    }
  });

  it('refuses settings that there are not, and too many plans', () => {
    expect(() => parseAxis('weight=1')).toThrow('"weight" is no setting');
    expect(() => parseAxis('jobsPerPod=1,x')).toThrow('"x" must be a whole number, as in jobsPerPod=1,2,4');
    const axis = parseAxis(`idleSeconds=${Array.from({ length: 65 }, (_, index) => index).join(',')}`);
    expect(() => sweep(aPlanInput(), [axis])).toThrow('makes 65 plans, must be at most 64');
  });
});

it('has every assumption within its own limits, with a unit and a reason', () => {
  for (const { value, min, max, about } of Object.values(ASSUMPTIONS)) {
    expect(value).toBeGreaterThanOrEqual(min);
    expect(value).toBeLessThanOrEqual(max);
    expect(about).not.toBe('');
  }
});
