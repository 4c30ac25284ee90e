import { expect, it } from 'vitest';
import { aPlanInput } from '../../test/a-plan.ts';
import { makePlan } from '../plan.ts';
import { compareWithGuidance } from './compare.ts';
import { GUIDANCE, PUBLISHED_LINES } from './published.ts';

it.each(PUBLISHED_LINES)('$what: their assumptions give their figure', ({ quantity, unitUsd, publishedUsd }) => {
  // They round to the dollar where they publish whole ones, and cut elsewhere.
  const tolerance = Number.isInteger(publishedUsd) && publishedUsd > 100 ? 0.5 : 0.011;

  expect(Math.abs(quantity * unitUsd - publishedUsd)).toBeLessThan(tolerance);
});

it('adds up to their totals', () => {
  const sum = (isFixed: boolean) =>
    PUBLISHED_LINES.filter((line) => line.isFixed === isFixed).reduce((total, line) => total + line.publishedUsd, 0);

  expect(Math.round(sum(false))).toBe(GUIDANCE.publishedVariableUsd);
  expect(sum(true)).toBe(GUIDANCE.publishedFixedUsd);
});

it('loses no line of either side', () => {
  const plan = makePlan(aPlanInput());
  const { rows, oursUsd, theirsUsd } = compareWithGuidance(plan);

  expect(rows.reduce((sum, row) => sum + row.oursUsd, 0)).toBeCloseTo(plan.usd.total, 6);
  expect(oursUsd).toBe(plan.usd.total);
  const theirs = PUBLISHED_LINES.map(({ quantity, unitUsd, isFixed }) => quantity * unitUsd * (isFixed ? 1 : 0.005));
  expect(theirsUsd).toBeCloseTo(
    theirs.reduce((sum, usd) => sum + usd, 0),
    6,
  );
  expect(rows.find(({ group }) => group === 'cluster')?.differenceUsd).toBeLessThan(0);
});
