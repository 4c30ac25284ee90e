import { describe, expect, it } from 'vitest';
import { parsePools } from './pools.ts';
import { findModel, parseServedPools } from './served-pools.ts';

const model = (id: string) => ({ id, tasks: ['text-to-image'] });
const pool = (name: string, ...models: string[]) => ({ name, engine: 'sketch', models: models.map(model) });
const parse = (...pools: unknown[]) => parsePools(JSON.stringify({ pools }), 'pools.json');

describe('parsePools', () => {
  it('fills in formats and limits', () => {
    expect(parse(pool('local', 'sketch-1'))).toStrictEqual({
      pools: [
        {
          name: 'local',
          engine: 'sketch',
          formats: ['png', 'jpeg', 'webp', 'avif'],
          models: [
            {
              id: 'sketch-1',
              description: '',
              tasks: ['text-to-image'],
              limits: { maxWidth: 2048, maxHeight: 2048, maxSteps: 150, maxImages: 8 },
            },
          ],
        },
      ],
    });
  });

  it.each([
    ['two pools of one name', [pool('a', 'x'), pool('a', 'y')], 'the pool "a" is there twice'],
    ['a model in two pools', [pool('a', 'x'), pool('b', 'y', 'x')], 'the model "x" is there twice'],
    ['a model twice in a pool', [pool('a', 'x', 'x')], 'the model "x" is there twice'],
    ['a pool without models', [pool('a')], 'pools[0].models'],
    ['a name that a queue cannot have', [pool('A b', 'x')], 'must be lower-case letters, digits and hyphens'],
    [
      'a limit beyond that of the API',
      [{ ...pool('a'), models: [{ ...model('x'), limits: { maxImages: 9 } }] }],
      '<=8',
    ],
    ['an engine that is not there', [{ ...pool('a', 'x'), engine: 'warp' }], 'pools[0].engine'],
    ['a misspelt field', [{ ...pool('a', 'x'), format: [] }], 'Unrecognized key: "format"'],
    ['no pool at all', [], 'pools'],
  ])('refuses %s, and names file and field', (_, pools, message) => {
    expect(() => parse(...pools)).toThrow(/^pools\.json is not a pools file:/);
    expect(() => parse(...pools)).toThrow(message);
  });

  it('names a duplicate once, however often it is there', () => {
    expect(() => parse(pool('a', 'x'), pool('a', 'y'), pool('a', 'z'))).toThrow(
      'pools.json is not a pools file:\n✖ the pool "a" is there twice\n  → at pools',
    );
    expect(() => parse(pool('a', 'x'), pool('a', 'y'), pool('a', 'z'))).not.toThrow(/twice[^]*twice/);
  });

  it('names the file that is not JSON', () => {
    expect(() => parsePools('{', 'etc/pools.json')).toThrow('etc/pools.json is not JSON');
  });
});

describe('parseServedPools', () => {
  const parseServed = (...pools: unknown[]) => parseServedPools(JSON.stringify({ pools }), 'pools.json');

  it('passes over how a pool is deployed, whatever it says', () => {
    expect(parseServed({ ...pool('a', 'x'), deployment: { gpusPerPod: 'none' } }).pools).toMatchObject([{ name: 'a' }]);
  });

  it.each([
    ['a misspelt field', [{ ...pool('a', 'x'), format: [] }], 'Unrecognized key: "format"'],
    ['a model in two pools', [pool('a', 'x'), pool('b', 'y', 'x')], 'the model "x" is there twice'],
  ])('refuses %s, and names file and field', (_, pools, message) => {
    expect(() => parseServed(...pools)).toThrow(/^pools\.json is not a pools file:/);
    expect(() => parseServed(...pools)).toThrow(message);
  });
});

describe('findModel', () => {
  const pools = parse(pool('a', 'x'), pool('b', 'y', 'z'));

  it('finds the pool that serves a model', () => {
    expect(findModel(pools, 'z')).toMatchObject({ pool: { name: 'b' }, model: { id: 'z' } });
  });

  it('finds nothing for a model that no pool serves', () => {
    expect(findModel(pools, 'w')).toBeUndefined();
  });
});
