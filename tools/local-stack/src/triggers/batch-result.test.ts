import { describe, expect, it } from 'vitest';
import { succeededIds } from './batch-result.ts';

const BATCH = ['a', 'b', 'c'];

function failures(...ids: unknown[]) {
  return { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
}

describe('succeededIds', () => {
  it.each([
    ['null', null],
    ['nothing', undefined],
    ['an empty object', {}],
    ['an empty list', failures()],
    ['a null list', { batchItemFailures: null }],
    ['a text', 'done'],
  ])('takes %s for the success of all', (_what, response) => {
    expect(succeededIds(BATCH, response)).toEqual(BATCH);
  });

  it('leaves out what is reported', () => {
    expect(succeededIds(BATCH, failures('b'))).toEqual(['a', 'c']);
    expect(succeededIds(BATCH, failures('a', 'b', 'c'))).toEqual([]);
  });

  it.each([
    ['an empty identifier', failures('b', '')],
    ['a null identifier', failures(null)],
    ['an unknown identifier', failures('b', 'z')],
    ['a misspelt key', { batchItemFailures: [{ itemidentifier: 'b' }] }],
    ['a list of something else', { batchItemFailures: 'b' }],
  ])('takes %s for the failure of all', (_what, response) => {
    expect(succeededIds(BATCH, response)).toEqual([]);
  });
});
