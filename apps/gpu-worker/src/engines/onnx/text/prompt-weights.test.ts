import { describe, expect, it } from 'vitest';
import { parseWeights } from './prompt-weights.ts';

function read(prompt: string): (readonly [string, number] | 'BREAK')[] {
  return parseWeights(prompt).map((each) =>
    each === null ? 'BREAK' : [each.text, Math.round(each.weight * 1e6) / 1e6],
  );
}

describe('prompt weights', () => {
  // The examples that the WebUI documents its grammar with.
  it.each([
    ['normal text', [['normal text', 1]]],
    [
      'an (important) word',
      [
        ['an ', 1],
        ['important', 1.1],
        [' word', 1],
      ],
    ],
    ['(unbalanced', [['unbalanced', 1.1]]],
    [String.raw`\(literal\]`, [['(literal]', 1]]],
    ['(unnecessary)(parens)', [['unnecessaryparens', 1.1]]],
    [
      'a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).',
      [
        ['a ', 1],
        ['house', 1.573],
        [' ', 1.1],
        ['on', 1],
        [' a ', 1.1],
        ['hill', 0.55],
        [', sun, ', 1.1],
        ['sky', 1.4641],
        ['.', 1.1],
      ],
    ],
    [
      'a [quiet] street',
      [
        ['a ', 1],
        ['quiet', 0.909091],
        [' street', 1],
      ],
    ],
    ['sky BREAK sea', [['sky', 1], 'BREAK', ['sea', 1]]],
    ['(a:-0.5)', [['a', -0.5]]],
    [
      "time: (12:30) o'clock",
      [
        ['time: ', 1],
        ['12', 30],
        [" o'clock", 1],
      ],
    ],
    ['a) ] b:1.2)', [['a) ] b:1.2)', 1]]],
    [String.raw`C:\dir`, [[String.raw`C:\dir`, 1]]],
    ['(x:1.2.3)', [['x:1.2.3', 1.1]]],
    ['', [['', 1]]],
  ] as const)('of %j', (prompt, expected) => {
    expect(read(prompt)).toEqual(expected);
  });
});
