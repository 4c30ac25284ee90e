import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readBadAnswer } from './bad-answers.ts';

const context = { path: 'txt2img', attempt: 1, secrets: ['a secret cat', ''] };
const read = (status: number, body: unknown, over = {}) =>
  readBadAnswer(status, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), { ...context, ...over });

describe('readBadAnswer', () => {
  it.each<[string, number, unknown, object]>([
    [
      'out of memory, A1111',
      500,
      { error: 'OutOfMemoryError', errors: 'CUDA out of memory. Tried to allocate 2 GiB' },
      { code: 'out_of_memory', isRetryable: true },
    ],
    [
      'out of memory, Forge',
      500,
      { error: 'OutOfMemoryError', message: 'CUDA out of memory.' },
      { code: 'out_of_memory' },
    ],
    [
      'out of memory as a CUDA error',
      500,
      { error: 'AcceleratorError', errors: 'CUDA error: out of memory' },
      { code: 'out_of_memory' },
    ],
    [
      'out of memory of the host',
      500,
      { error: 'RuntimeError', errors: "DefaultCPUAllocator: can't allocate memory" },
      { code: 'out_of_memory' },
    ],
    [
      'NaNs',
      500,
      { error: 'NansException', errors: 'A tensor with NaNs was produced in VAE.' },
      { code: 'bad_output', isRetryable: false },
    ],
    [
      'no model',
      500,
      { error: 'AttributeError', errors: "'NoneType' object has no attribute 'lowvram'" },
      { name: 'EngineUnusableError' },
    ],
    [
      'half a model',
      500,
      { error: 'AssertionError', message: 'You do not have CLIP state dict!' },
      { name: 'EngineUnusableError' },
    ],
    [
      'a CUDA error',
      500,
      { error: 'RuntimeError', errors: 'CUDA error: device-side assert triggered' },
      { name: 'EngineUnusableError' },
    ],
    [
      'no GPU',
      500,
      { error: 'RuntimeError', errors: 'no CUDA-capable device is detected' },
      { name: 'EngineUnusableError' },
    ],
    [
      'fields, by FastAPI',
      422,
      { detail: [{ loc: ['body', 'steps'], msg: 'value is not a valid integer', type: 'x' }] },
      {
        code: 'input_invalid',
        isRetryable: false,
        message: expect.stringContaining('body.steps: value is not a valid integer'),
      },
    ],
    [
      'a picture, with a 500',
      500,
      { error: 'HTTPException', detail: 'Invalid encoded image', errors: '' },
      { code: 'input_invalid', isRetryable: false },
    ],
    ['a request, by SD.Next', 400, { error: 'Init image is none' }, { code: 'input_invalid' }],
    ['too many requests', 429, { detail: 'rate limit' }, { code: 'engine_error', isRetryable: true }],
    [
      'another exception',
      500,
      { error: 'TypeError', errors: 'unsupported operand' },
      { code: 'engine_error', isRetryable: true, message: 'the server answered 500 (TypeError)' },
    ],
    ['a page of a proxy', 502, '<html>Bad Gateway</html>', { code: 'engine_error', isRetryable: true }],
    ['a path that is not there', 404, { detail: 'Not Found' }, { code: 'engine_error', isRetryable: false }],
    ['nothing', 500, '', { code: 'engine_error', isRetryable: true }],
  ])('knows %s', (_, status, body, failure) => {
    expect(read(status, body)).toMatchObject(failure);
  });

  it('gives memory one more attempt', () => {
    expect(read(500, { error: 'OutOfMemoryError' }, { attempt: 2 })).toMatchObject({
      code: 'out_of_memory',
      isRetryable: false,
    });
  });

  it.each([401, 403])('throws at %i: only another configuration helps', (status) => {
    expect(() => read(status, { detail: 'no' })).toThrow(expect.objectContaining({ name: 'EngineUnusableError' }));
  });

  it('keeps the words of the server and drops those of the tenant', () => {
    const error = read(500, {
      error: 'ValueError',
      errors: 'cannot parse a secret cat',
      body: '{"prompt": "a secret cat"}',
    });
    expect(inspect(error, { depth: 9 })).toContain('cannot parse');
    expect(inspect(error, { depth: 9 })).not.toContain('a secret cat');
    expect(read(422, { detail: 'no style a secret cat' }).message).not.toContain('a secret cat');
  });
});
