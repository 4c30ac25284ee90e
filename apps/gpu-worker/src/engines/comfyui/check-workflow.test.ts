import { describe, expect, it } from 'vitest';
import { checkWorkflow, choicesOf } from './check-workflow.ts';
import { objectInfoSchema } from './comfy-schemas.ts';

const nodes = objectInfoSchema.parse({
  Loader: { input: { required: { name: [['a', 'b'], {}] } }, output: ['MODEL'], output_node: false },
  Sampler: {
    input: { required: { model: ['MODEL'] }, optional: { mode: ['COMBO', { options: ['x'] }] } },
    output: ['LATENT', 'MASK'],
  },
  Save: { input: { required: { images: ['LATENT'], filename_prefix: ['STRING', {}] } }, output: [], output_node: true },
  Group: { input: { required: { images: ['COMFY_AUTOGROW_V3', {}] } }, output: [] },
  Odd: { input: 'of its own', output: [] },
});
const good = {
  1: { class_type: 'Loader', inputs: { name: 'a' } },
  2: { class_type: 'Sampler', inputs: { model: ['1', 0], mode: 'x', unknown: 5 } },
  3: { class_type: 'Save', inputs: { images: ['2', 1] } },
  4: { class_type: 'Odd', inputs: { anything: 1 } },
  5: { class_type: 'Group', inputs: { 'images.image0': ['2', 1] } },
};
const check = (changed: object) => checkWorkflow({ ...good, ...changed }, nodes, new Set(['cat']));

describe('checkWorkflow', () => {
  it('finds nothing wrong with a good workflow', () => {
    expect(check({})).toEqual([]);
  });

  it.each([
    [{ 2: { class_type: 'Sampler', inputs: { model: ['9', 0] } } }, '2', 'model'],
    [{ 2: { class_type: 'Sampler', inputs: { model: ['1', 1] } } }, '2', 'model'],
    [{ 2: { class_type: 'Sampler', inputs: { model: ['1', -1] } } }, '2', 'model'],
    [{ 2: { class_type: 'Sampler', inputs: { model: ['1', 0.5] } } }, '2', 'model'],
    [{ 2: { class_type: 'Sampler', inputs: { model: ['1', 0], mode: 'z' } } }, '2', 'mode'],
    [{ 3: { class_type: 'Save', inputs: {} } }, '3', 'images'],
    [{ 6: { class_type: 'constructor', inputs: {} } }, '6', undefined],
  ])('names the node and the field: %j', (changed, node, field) => {
    expect(check(changed)).toMatchObject([{ node, field }]);
  });

  it('says how many choices there are, not which', () => {
    const [issue] = check({ 1: { class_type: 'Loader', inputs: { name: 'c'.repeat(500) } } });

    expect(issue?.notListed).toEqual({ value: 'c'.repeat(100), choices: 2 });
    expect(issue?.problem.length).toBeLessThan(200);
  });

  it('takes the name of an image of the job for any choice, and no other', () => {
    expect(check({ 1: { class_type: 'Loader', inputs: { name: '{{cat}}' } } })).toEqual([]);
    expect(check({ 1: { class_type: 'Loader', inputs: { name: '{{dog}}' } } })).toHaveLength(1);
  });
});

it('reads choices in both styles', () => {
  expect(choicesOf([['a'], {}])).toEqual(['a']);
  expect(choicesOf(['COMBO', { options: ['b'] }])).toEqual(['b']);
  expect(choicesOf(['STRING', { options: ['c'] }])).toBeUndefined();
  expect(choicesOf(undefined)).toBeUndefined();
});
