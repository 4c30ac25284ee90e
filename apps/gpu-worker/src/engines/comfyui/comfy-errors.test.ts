import { describe, expect, it } from 'vitest';
import { executionFailure, issuesOf, refused } from './comfy-errors.ts';
import { historyEntrySchema, refusedSchema } from './comfy-schemas.ts';

const job = { attempt: 1, model: 'sdxl', refusalCode: 'workflow_invalid' } as const;

function ended(status_str: string, ...messages: [string, object][]) {
  const status = { status_str, completed: status_str === 'success', messages };
  return historyEntrySchema.parse({ prompt: [1, 'id', {}, {}, []], outputs: {}, status });
}

function failed(exception_type: string, exception_message = '', node_type = 'KSampler') {
  return ended('error', ['execution_error', { node_id: '3', node_type, exception_type, exception_message }]);
}

describe('executionFailure', () => {
  it.each([
    ['torch.OutOfMemoryError', 'Allocation on device', 'out_of_memory', true],
    ['torch.AcceleratorError', 'CUDA error: out of memory', 'out_of_memory', true],
    ['RuntimeError', "DefaultCPUAllocator: can't allocate memory", 'out_of_memory', true],
    ['PIL.UnidentifiedImageError', 'cannot identify', 'input_invalid', false],
    ['ValueError', 'secret', 'engine_error', true],
  ])('knows %s: %s', (type, text, code, isRetryable) => {
    const failure = executionFailure(failed(type, text), job);

    expect(failure).toMatchObject({ code, isRetryable });
    expect(failure?.message).toBe(`node 3 (KSampler) failed with ${type}`);
  });

  it.each(['CUDA error: an illegal memory access', 'cuDNN error: 8', 'cuBLAS failure', 'no CUDA-capable device'])(
    'calls for a new process after %s',
    (text) => {
      expect(executionFailure(failed('RuntimeError', text), job)).toMatchObject({ name: 'EngineUnusableError' });
    },
  );

  it('knows a model that does not load, and tries it no third time', () => {
    const broken = failed('RuntimeError', 'bad header', 'CheckpointLoaderSimple');

    expect(executionFailure(broken, job)).toMatchObject({ code: 'model_load_failed', isRetryable: true });
    expect(executionFailure(broken, { ...job, attempt: 2 })).toMatchObject({ isRetryable: false });
  });

  it('takes only success for success', () => {
    expect(executionFailure(ended('success', ['execution_success', {}]), job)).toBeUndefined();
    expect(executionFailure(ended('error', ['execution_interrupted', {}]), job)).toMatchObject({ isRetryable: true });
    expect(executionFailure(ended('error'), job)).toMatchObject({ code: 'engine_error' });
    expect(
      executionFailure(
        { ...failed('X'), status: { ...failed('X').status, status_str: 'success', completed: true } },
        job,
      ),
    ).toBeDefined();
  });
});

describe('refused', () => {
  const issue = { node: '1', nodeType: 'N', field: 'f', problem: 'p' };

  it('shows five issues and counts the rest', () => {
    const { message } = refused(
      Array.from({ length: 7 }, () => issue),
      job,
    );

    expect(message.split('; ')).toHaveLength(6);
    expect(message).toMatch(/^node 1 \(N\), f: p; .*; and 2 more$/);
  });

  it.each([
    [{ value: 'SDXL/sdxl.safetensors', choices: 3 }, true],
    [{ value: 'mine.safetensors', choices: 0 }, true],
    [{ value: 'mine.safetensors', choices: 3 }, false],
  ])('blames the fleet only for a model that should be there: %j', (notListed, isRetryable) => {
    expect(refused([{ ...issue, notListed }], job).isRetryable).toBe(isRetryable);
  });

  it('reads refusals with details, without any, and with a plain error', () => {
    const errors = [{ type: 'value_not_in_list', extra_info: { input_name: 'ckpt_name', received_value: 'x' } }];
    const withDetails = refusedSchema.parse({ error: {}, node_errors: { 4: { class_type: 'L', errors } } });

    expect(issuesOf(withDetails)).toMatchObject([{ node: '4', field: 'ckpt_name', notListed: { value: 'x' } }]);
    expect(issuesOf(refusedSchema.parse({ error: { type: 'no_prompt' }, node_errors: [] }))).toMatchObject([
      { problem: 'no_prompt' },
    ]);
    expect(issuesOf(refusedSchema.parse({ error: 'bad' }))).toHaveLength(1);
  });
});
