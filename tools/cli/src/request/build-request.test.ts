import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { CliError } from '../errors.ts';
import { buildRequest, type RequestParts } from './build-request.ts';
import { makeReadSource, type ReadSource } from './sources.ts';

const PNG = Buffer.from('\x89PNG');

/** Files by their whole names; the folder of the command is `/project`. */
function build(parts: Partial<RequestParts>, files: Readonly<Record<string, string | Buffer>> = {}) {
  const read: ReadSource = async (name, folder) => {
    const content = files[name === '-' ? '-' : join(folder, name)];
    if (content === undefined) throw new CliError(2, `cannot read ${name}`);
    return Buffer.from(content);
  };
  return buildRequest({ file: undefined, words: [], settings: [], ...parts }, '/project', read);
}

const TASK = 'text-to-image';

describe('pairs', () => {
  it('go where the field is, as the type that it has', async () => {
    const words = ['a mill', 'steps=30', 'guidance=7.5', 'format=webp', 'thumbnail=true', 'priority=batch', 'model=7'];
    expect(await build({ words: [...words, 'metadata.order=17', 'negativePrompt=12', 'webhook=null'] })).toEqual({
      model: '7',
      task: TASK,
      input: { prompt: 'a mill', steps: 30, guidance: 7.5, negativePrompt: '12' },
      output: { format: 'webp', thumbnail: true },
      policy: { priority: 'batch' },
      metadata: { order: '17' },
      webhook: null,
    });
  });

  it('may hold signs of equality, quotes and line breaks', async () => {
    expect(await build({ words: ['prompt="E=mc2"\non a wall'] })).toEqual({
      task: TASK,
      input: { prompt: '"E=mc2"\non a wall' },
    });
  });

  it.each([
    ['setps=3', '"setps" is not a field of a request; did you mean "steps"?'],
    ['formt=png', '"formt" is not a field of a request; did you mean "format"?'],
    ['E=mc2', '"E" is not a field of a request'],
    ['__proto__.x=1', '"__proto__" is not a field of a request'],
  ])('%s is refused', async (word, message) => {
    await expect(build({ words: ['a mill', word] })).rejects.toThrow(message);
  });

  it('name unknown fields inside of known ones as the API does', async () => {
    await expect(build({ words: ['a mill', 'policy.priorty=batch', 'input.stpes=3'] })).rejects.toMatchObject({
      exitCode: 2,
      lines: [
        '#/policy/priorty: is not a field of this request; did you mean "priority"?',
        '#/input/stpes: is not a field of this request; did you mean "steps"?',
      ],
    });
  });

  it('cannot reach the prototype of objects', async () => {
    const request = await build({ words: ['a mill', 'metadata.__proto__=x', 'metadata.a=y'] });
    expect(JSON.stringify(request.metadata)).toBe('{"__proto__":"x","a":"y"}');
    expect(Reflect.get({}, 'a')).toBeUndefined();
  });

  it('are no second prompt', async () => {
    await expect(build({ words: ['a', 'mill'] })).rejects.toThrow('2 prompts are given: put one prompt in quotes');
  });
});

describe('a file', () => {
  it.each([
    ['YAML with short names', 'prompt: a mill\nsteps: 9\nformat: webp\n'],
    ['a request', 'task: text-to-image\ninput: { prompt: a mill, steps: 9 }\noutput: { format: webp }\n'],
    ['both at once', 'steps: 9\ninput: { prompt: a mill }\noutput: { format: webp }\n'],
    ['JSON', '{"prompt": "a mill", "steps": 9, "output": {"format": "webp"}}'],
  ])('may be %s', async (_what, text) => {
    expect(await build({ file: 'request.yaml' }, { '/project/request.yaml': text })).toEqual({
      task: TASK,
      input: { prompt: 'a mill', steps: 9 },
      output: { format: 'webp' },
    });
  });

  it('gives way to pairs, and those to options', async () => {
    const files = { '/project/r.yaml': 'prompt: a mill\nsteps: 1\nseed: 1\nimages: 1\nmetadata: { a: x, b: y }\n' };
    const words = ['seed=2', 'images=2', 'metadata.b=z'];
    const settings = [{ path: ['input', 'images'], value: 3 }];
    expect(await build({ file: 'r.yaml', words, settings }, files)).toEqual({
      task: TASK,
      input: { prompt: 'a mill', steps: 1, seed: 2, images: 3 },
      metadata: { a: 'x', b: 'z' },
    });
  });

  it('may come from standard input', async () => {
    expect(await build({ file: '-', words: ['seed=2'] }, { '-': 'prompt: a mill' })).toMatchObject({
      input: { prompt: 'a mill', seed: 2 },
    });
  });

  it.each([
    ['a: [', 'request.yaml is neither YAML nor JSON: '],
    ['a red lighthouse', 'request.yaml holds no request'],
    ['- a mill', 'request.yaml holds no request'],
    ['setps: 3', 'did you mean "steps"?'],
    ['a: &a [1]\nb: *a', 'request.yaml is neither YAML nor JSON: '],
  ])('that reads %j is refused', async (text, message) => {
    await expect(build({ file: 'request.yaml' }, { '/project/request.yaml': text })).rejects.toThrow(message);
  });
});

describe('references', () => {
  it('of texts are read once, whatever the file holds', async () => {
    const files = {
      '/project/prompts/mill.txt': '@@home, a mill\r\n',
      '/project/r.yaml': 'prompt: "@prompts/mill.txt"',
    };
    const expected = { input: { prompt: '@@home, a mill' } };
    expect(await build({ words: ['@prompts/mill.txt'] }, files)).toMatchObject(expected);
    expect(await build({ file: 'r.yaml', words: ['steps=3'] }, files)).toMatchObject(expected);
    expect(await build({ words: ['@@home'] })).toMatchObject({ input: { prompt: '@home' } });
    expect(await build({ words: ['-'] }, { '-': 'a mill\n' })).toMatchObject({ input: { prompt: 'a mill' } });
    expect(await build({ words: ['negativePrompt=@-', 'a'] }, { '-': 'fog' })).toMatchObject({
      input: { negativePrompt: 'fog' },
    });
  });

  it('in a file are relative to it, on the command line to the folder of the command', async () => {
    const files = {
      '/project/in/r.yaml': 'prompt: a mill\nimage: "@a.png"\nmask: "@b.png"',
      '/project/in/a.png': PNG,
      '/project/in/b.png': PNG,
    };
    expect(await build({ file: 'in/r.yaml', words: ['mask=@c.png'] }, { ...files, '/project/c.png': 'c' })).toEqual({
      task: 'image-to-image',
      input: {
        prompt: 'a mill',
        image: { name: 'a.png', bytes: PNG },
        mask: { name: 'c.png', bytes: Buffer.from('c') },
      },
    });
  });

  it.each([
    ['upl_01J8ZQ4M3C5D6E7F8G9H0JKMNP', { uploadId: 'upl_01J8ZQ4M3C5D6E7F8G9H0JKMNP' }],
    ['https://example.com/a.png', { url: 'https://example.com/a.png' }],
    ['job_01J8ZQ4M3C5D6E7F8G9H0JKMNP/0', { jobOutput: 'job_01J8ZQ4M3C5D6E7F8G9H0JKMNP/0' }],
  ])('image=%s is what it looks like', async (text, image) => {
    expect(await build({ words: ['a mill', `image=${text}`] })).toMatchObject({
      task: 'image-to-image',
      input: { prompt: 'a mill', image },
    });
  });

  it('a name without an at sign is not an image', async () => {
    await expect(build({ words: ['image=a.png'] })).rejects.toThrow('input.image: "a.png" is not an image');
  });

  it('a workflow and its images are files', async () => {
    const workflow = { '1': { class_type: 'LoadImage', inputs: { image: '{{face}}' } } };
    const files = { '/project/flow.json': JSON.stringify(workflow), '/project/face.png': PNG };
    expect(await build({ words: ['workflow=@flow.json', 'images.face=@face.png'] }, files)).toEqual({
      task: 'workflow',
      input: { workflow, images: { face: { name: 'face.png', bytes: PNG } } },
    });
  });
});

describe('makeReadSource', () => {
  it('says what cannot be read, and why', async () => {
    const read = makeReadSource(Readable.from(['a mill']));
    await expect(read('no-such-file.txt', '/tmp')).rejects.toThrow(
      'cannot read no-such-file.txt: there is no such file',
    );
    await expect(read('.', '/tmp')).rejects.toThrow('cannot read .: it is a folder');
    expect((await read('-', '/tmp')).toString()).toBe('a mill');
    await expect(read('-', '/tmp')).rejects.toThrow('cannot read standard input: it can be read once only');
  });
});
