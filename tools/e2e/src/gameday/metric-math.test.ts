import { describe, expect, it } from 'vitest';
import { alarmsOf } from '@afterimage/infra/alarms';
import { readStage } from '@afterimage/infra/stages';
import { evaluateMath } from './metric-math.ts';

describe('metric math', () => {
  it.each([
    ['1 + 2 * 3', {}, 7],
    ['(1 + 2) * 3', {}, 9],
    ['a / b', { a: 1, b: 4 }, 0.25],
    ['a / b', { a: 1, b: 0 }, undefined],
    ['a + b', { a: 1, b: undefined }, undefined],
    ['FILL(a, 0) + FILL(b, 5)', { a: 1, b: undefined }, 6],
    ['IF(a > 1 AND b == 0, 10, 20)', { a: 2, b: 0 }, 10],
    ['IF(a > 1 AND b == 0, 10, 20)', { a: 2, b: 1 }, 20],
    ['IF(a < 1 OR b >= 1, 10, 20)', { a: 2, b: 1 }, 10],
    ['IF(a > 1, 10, 20)', { a: undefined }, undefined],
  ])('%s of %j is %s', (expression, metrics, expected) => {
    expect(evaluateMath(expression, metrics)).toBe(expected);
  });

  it.each([
    ['a ? b', 'no metric math:  ? b'],
    ['a + c', '"c" is no metric of a + c'],
    ['(a', '")" is missing in (a'],
    ['a 1', '"1" is left over in a 1'],
    ['RATE(a)', 'the function RATE is not known'],
  ])('refuses %s', (expression, message) => {
    expect(() => evaluateMath(expression, { a: 1 })).toThrow(message);
  });

  it('understands the formula of every alarm on what apps measure', () => {
    const formulas = alarmsOf(readStage('dev')).flatMap(({ name, metric }) => {
      const { mathExpression } = metric.toMetricConfig();
      return mathExpression === undefined || name.endsWith('-crash-loop') ? [] : [mathExpression];
    });

    expect(formulas.length).toBeGreaterThan(10);
    for (const { expression, usingMetrics } of formulas) {
      const values = Object.fromEntries(Object.keys(usingMetrics).map((id) => [id, 1]));
      expect(evaluateMath(expression, values)).toEqual(expect.any(Number));
    }
  });
});
