import { describe, expect, it } from 'vitest';
import { makeTeardown } from './teardown.ts';

describe('makeTeardown', () => {
  it('ends the last first, all of them in spite of failures, and once', async () => {
    const ended: string[] = [];
    const teardown = makeTeardown();
    teardown.add(async () => void ended.push('first'));
    teardown.add(() => Promise.reject(new Error('stuck')));
    teardown.add(async () => void ended.push('last'));

    await expect(teardown.run()).rejects.toMatchObject({ errors: [expect.objectContaining({ message: 'stuck' })] });
    await teardown.run();

    expect(ended).toEqual(['last', 'first']);
  });
});
