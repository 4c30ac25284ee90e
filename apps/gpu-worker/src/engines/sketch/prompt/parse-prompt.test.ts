import { describe, expect, it } from 'vitest';
import { colorOf } from './colors.ts';
import { parsePrompt } from './parse-prompt.ts';

const kindsOf = (prompt: string, negative = ''): string[] =>
  parsePrompt(prompt, negative).subjects.map(({ kind }) => kind);

describe('parsePrompt', () => {
  it.each([
    ['a kitten on a hillside', ['cat', 'hill']],
    ['two puppies and three mice-like butterflies', ['dog', 'butterfly']],
    ['wolves under the northern lights', ['wolf', 'aurora']],
    ['hot air balloons over the alps', ['balloon', 'mountain']],
    ['a bowl of fruit', ['fruit']],
    ['Façade of a CASTLE', ['castle']],
    ['(masterpiece:1.2), <lora:city_v2:0.8> a (lighthouse:1.4)', ['lighthouse']],
    ['fishermen sailing on a lake', ['boat', 'lake']],
  ])('finds the subjects of %j', (prompt, kinds) => {
    expect(kindsOf(prompt)).toEqual(kinds);
  });

  it('gives a colour to what it stands before', () => {
    const { subjects, skyColor, colors } = parsePrompt('a purple sunset over a red wooden house, teal');
    expect(subjects).toEqual([{ kind: 'house', count: 1, isMany: false, color: colorOf('red') }]);
    expect(skyColor).toEqual(colorOf('purple'));
    expect(colors).toEqual([colorOf('teal')]);
  });

  it('does not carry a colour over a comma', () => {
    const { subjects, colors } = parsePrompt('green, a house');
    expect(subjects[0]?.color).toBeUndefined();
    expect(colors).toEqual([colorOf('green')]);
  });

  it('takes names of two words before names of one', () => {
    expect(parsePrompt('a dark blue boat').subjects[0]?.color).toEqual(colorOf('dark blue'));
    expect([...parsePrompt('oil painting of the golden hour').styles]).toEqual(['oil']);
    expect(parsePrompt('the golden hour').time).toBe('golden');
  });

  it('counts', () => {
    const counts = parsePrompt('two cats, a dog, owls').subjects.map(({ count, isMany }) => [count, isMany]);
    expect(counts).toEqual([
      [2, false],
      [1, false],
      [3, true],
    ]);
  });

  it('reads time, season, weather, mood and style', () => {
    const reading = parsePrompt('a foggy, peaceful autumn morning, watercolour');
    expect(reading).toMatchObject({ time: 'dawn', season: 'autumn' });
    expect([...reading.weather, ...reading.moods, ...reading.styles]).toEqual(['fog', 'calm', 'watercolor']);
  });

  it('removes what the negative prompt names', () => {
    expect(kindsOf('a cat and a dog by a tree', 'dogs, trees')).toEqual(['cat']);
    expect(parsePrompt('a red boat', 'red').subjects[0]?.color).toBeUndefined();
    expect(parsePrompt('city at night, neon', 'night, cyberpunk')).toMatchObject({
      time: undefined,
      styles: new Set(),
    });
    expect(parsePrompt('a lake', 'people, clouds').banned).toEqual(new Set(['person', 'portrait', 'cloud']));
  });

  it.each(['a lake with no boats', 'a lake without any boat', 'boats and a lake, no boat'])(
    'understands %j',
    (prompt) => {
      expect(kindsOf(prompt)).toEqual(['lake']);
    },
  );

  it('knows when somebody rides', () => {
    expect(parsePrompt('an astronaut riding a horse').isRiding).toBe(true);
    expect(parsePrompt('an astronaut and a horse').isRiding).toBe(false);
  });
});
