import { describe, expect, it } from 'vitest';
import { runtimeError } from './model-error.ts';

describe('what the runtime throws', () => {
  it.each([
    'Failed to allocate memory for requested buffer of size 4294967296',
    'std::bad_alloc',
    'bad allocation',
    'CUDA failure 2: out of memory ; GPU=0',
    'Non-zero status code returned while running Conv node: BFCArena: Available memory of 0 is smaller; Failed to allocate',
  ])('is short of memory: %s', (message) => {
    expect(runtimeError('/models/sd/unet/model.onnx', new Error(message))).toMatchObject({
      code: 'out_of_memory',
      isRetryable: true,
      message: '/models/sd/unet/model.onnx: the memory is too small for it',
    });
  });

  it('is short of memory where an array cannot be made', () => {
    expect(runtimeError('a.onnx', new RangeError('Array buffer allocation failed')).code).toBe('out_of_memory');
    expect(runtimeError('a.onnx', new RangeError('Invalid typed array length: 9007199254740991')).code).toBe(
      'out_of_memory',
    );
    expect(runtimeError('a.onnx', new RangeError('offset is out of bounds')).code).toBe('model_load_failed');
  });

  it.each([
    [new Error('Got invalid dimensions for input: sample'), 'a.onnx: Got invalid dimensions for input: sample'],
    ['a string', 'a.onnx: a string'],
  ])('is the model otherwise, with its words', (error, message) => {
    expect(runtimeError('a.onnx', error)).toMatchObject({ code: 'model_load_failed', isRetryable: false, message });
  });
});
