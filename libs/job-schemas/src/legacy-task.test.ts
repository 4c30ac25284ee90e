import { describe, expect, it } from 'vitest';
import { createOldTaskSchema, createTaskSchema, legacyJobId } from './legacy-task.ts';

const aTask = (metadata: object = {}, content: object = { prompt: 'a' }) => ({
  task: { metadata: { id: 'a-1_B', runtime: 'sdruntime', tasktype: 'text-to-image', ...metadata }, content },
});

describe('a request in the form of the guidance', () => {
  it('has defaults, and loses the slash at the end of its prefix', () => {
    expect(createTaskSchema.parse(aTask()).task.metadata).toMatchObject({ prefix: '', context: {} });
    expect(createTaskSchema.parse(aTask({ prefix: 'out/b=1/' })).task.metadata.prefix).toBe('out/b=1');
    expect(createTaskSchema.parse(aTask({ context: '' })).task.metadata.context).toBe('');
  });

  it.each(['/', '/a', 'a//b', '../a', 'a/..', 'a/./b', '..', 'a b', 'ä', 'a\\b', 'a%2f', 'a?b', 'x'.repeat(257)])(
    'refuses the prefix %j',
    (prefix) => {
      expect(createTaskSchema.safeParse(aTask({ prefix })).error?.issues[0]?.path).toEqual([
        'task',
        'metadata',
        'prefix',
      ]);
    },
  );

  it.each(['', 'a/b', 'a b', 'ä', '..', 'x'.repeat(129), 7, `job_${'0'.repeat(26)}`])('refuses the id %j', (id) => {
    expect(createTaskSchema.safeParse(aTask({ id })).error?.issues[0]?.path).toEqual(['task', 'metadata', 'id']);
  });

  it('takes an id of more than 64 characters as it is', () => {
    const id = 'x'.repeat(128);
    expect(createTaskSchema.parse(aTask({ id })).task.metadata.id).toBe(id);
  });

  it.each([
    ['runtime', { runtime: 'a/b' }],
    ['tasktype', { tasktype: 'extra-batch-images' }],
    ['context', { context: 'x'.repeat(16_400) }],
  ])('refuses a wrong %s', (field, metadata) => {
    expect(createTaskSchema.safeParse(aTask(metadata)).error?.issues[0]?.path).toEqual(['task', 'metadata', field]);
  });

  it.each([
    ['half of a pair', '\uD800'],
    ['half of one as a key', { '\uD800': 1 }],
    ['too large a number', JSON.parse('1e999')],
  ])('refuses %s in what is free otherwise', (_, odd) => {
    expect(createTaskSchema.safeParse(aTask({}, { a: [odd] })).error?.issues[0]?.path).toEqual(['task', 'content']);
    expect(createTaskSchema.safeParse(aTask({ context: odd })).success).toBe(false);
  });

  it('is there in its older form, without workflows', () => {
    const scripts = { task: 'text-to-image', sd_model_checkpoint: 'a.safetensors', id_task: 'a', save_dir: 'outputs' };
    expect(createOldTaskSchema.parse({ alwayson_scripts: scripts, prompt: 'A dog' })).toMatchObject({
      prompt: 'A dog',
    });
    expect(createOldTaskSchema.safeParse({ alwayson_scripts: { ...scripts, task: 'pipeline' } }).success).toBe(false);
  });

  it('stands for one job of one tenant', () => {
    expect(legacyJobId('t', 'a')).toBe(legacyJobId('t', 'a'));
    expect(legacyJobId('t', 'a')).not.toBe(legacyJobId('u', 'a'));
  });
});
