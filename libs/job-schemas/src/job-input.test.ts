import { describe, expect, it } from 'vitest';
import { createJobSchema } from './create-job.ts';
import { toFieldErrors } from './field-errors.ts';
import { imageRefsOf, jobInputSchema, toTaskInput } from './job-input.ts';
import { knownKeysOf } from './known-keys.ts';

const uploadId = 'upl_01J8ZQ4M3C5D6E7F8G9H0JKMNP';
const jobOutput = 'job_01J8ZQ4M3C5D6E7F8G9H0JKMNP/0';
const url = 'https://images.example.com/a.png';

const request = (task: string, input: object) => ({ model: 'm', task, input });

/** Pointer and code of each thing that is wrong with the request. */
function errorsOf(body: object): string[][] {
  const { error } = createJobSchema.safeParse(body);
  const errors = error === undefined ? [] : toFieldErrors(error, body, knownKeysOf(createJobSchema));
  return errors.map(({ pointer, code, detail }) => [pointer, code, detail]);
}

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
const workflowOf = (value: unknown) => ({ workflow: { '1': { class_type: 'EmptyImage', inputs: { value } } } });
const imagesOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`image-${index}`, { url }]));

describe('an image reference', () => {
  it.each([{ uploadId }, { url }, { jobOutput }])('may be %j', (image) => {
    expect(errorsOf(request('upscale', { image }))).toEqual([]);
  });

  it.each<[object, string, string]>([
    [{}, '#/input/image', 'must have exactly one of'],
    [{ uploadId, url }, '#/input/image', 'must have exactly one of'],
    [{ uploadId: 'job_01J8ZQ4M3C5D6E7F8G9H0JKMNP' }, '#/input/image/uploadId', 'must be the id of an upload'],
    [{ uploadId: '../../secret' }, '#/input/image/uploadId', 'must be the id of an upload'],
    [{ url: 'http://images.example.com/a.png' }, '#/input/image/url', 'must be an https URL'],
    [{ url: 'file:///etc/passwd' }, '#/input/image/url', 'must be an https URL'],
    [{ url: `https://example.com/${'a'.repeat(2048)}` }, '#/input/image/url', 'at most 2048 characters'],
    [{ jobOutput: 'job_01J8ZQ4M3C5D6E7F8G9H0JKMNP' }, '#/input/image/jobOutput', 'the number of an output'],
    [{ jobOutput: `${jobOutput}/../1` }, '#/input/image/jobOutput', 'the number of an output'],
    [{ jobOutput: 'job_01J8ZQ4M3C5D6E7F8G9H0JKMNP/8' }, '#/input/image/jobOutput', 'the number of an output'],
    [{ file: '/etc/passwd' }, '#/input/image/file', 'is not a field'],
  ])('may not be %j', (image, pointer, detail) => {
    expect(errorsOf(request('upscale', { image }))).toContainEqual([
      pointer,
      expect.any(String),
      expect.stringContaining(detail),
    ]);
  });
});

describe('a workflow', () => {
  it('may have eight images, and be 32 levels deep', () => {
    const input = { ...workflowOf(nested(29)), images: imagesOf(8) };

    expect(errorsOf(request('workflow', input))).toEqual([]);
  });

  it('may not have nine images', () => {
    const input = { ...workflowOf(1), images: imagesOf(9) };

    expect(errorsOf(request('workflow', input))).toEqual([
      ['#/input/images', 'too_big', 'must be at most 8 keys, got an object of 9 keys'],
    ]);
  });

  it.each([30, 20_000])('may not hold %i levels in a value', (levels) => {
    let deep: unknown = 1;
    for (let level = 0; level < levels; level++) deep = [deep];

    expect(errorsOf(request('workflow', workflowOf(deep)))).toEqual([
      ['#/input/workflow', 'custom', expect.stringContaining('must be nested at most 32 levels deep')],
    ]);
  });

  it('may not hold a number that is read as infinite', () => {
    expect(errorsOf(request('workflow', workflowOf([JSON.parse('1e999')])))).toEqual([
      ['#/input/workflow', 'custom', expect.stringContaining('must hold no number beyond 1.8e308')],
    ]);
  });

  it('must have a class and inputs in every node', () => {
    expect(errorsOf(request('workflow', { workflow: { '1': { inputs: {} } } }))).toMatchObject([
      ['#/input/workflow/1/class_type', 'required', expect.any(String)],
    ]);
  });
});

describe('toTaskInput', () => {
  it.each([
    ['text-to-image', { prompt: 'a', seed: 1 }],
    ['image-to-image', { prompt: 'a', seed: 1, image: { url } }],
    ['upscale', { image: { uploadId } }],
    ['workflow', workflowOf(nested(3))],
  ] as const)('tells a stored %s by its task', (task, input) => {
    const stored = jobInputSchema.parse(createJobSchema.parse(request(task, input)).input);

    expect(toTaskInput(task, stored)).toEqual({ kind: task, input: stored });
  });

  it('takes a raw body for every task that has one', () => {
    const raw = { raw: { prompt: 'a' } };

    expect(toTaskInput('text-to-image', raw)).toEqual({ kind: 'raw', task: 'text-to-image', input: raw });
    expect(() => toTaskInput('workflow', raw)).toThrow();
  });

  it('refuses an input of another task', () => {
    expect(() => toTaskInput('text-to-image', { image: { uploadId }, scale: 2 })).toThrow();
  });
});

describe('imageRefsOf', () => {
  const paths = (task: string, input: object) =>
    imageRefsOf(createJobSchema.parse(request(task, input)).input).map(({ name, path }) => [name, path.join('.')]);

  it('names every image of a request', () => {
    const image = { url };

    expect(paths('text-to-image', { prompt: 'a', images: 2 })).toEqual([]);
    expect(paths('upscale', { image })).toEqual([['image', 'input.image']]);
    expect(paths('image-to-image', { prompt: 'a', image })).toEqual([['image', 'input.image']]);
    expect(paths('image-to-image', { prompt: 'a', image, mask: image })).toEqual([
      ['image', 'input.image'],
      ['mask', 'input.mask'],
    ]);
    expect(paths('workflow', { ...workflowOf(1), images: { face: image } })).toEqual([['face', 'input.images.face']]);
    expect(imageRefsOf({ raw: { init_images: [] } })).toEqual([]);
  });
});
