import { describe, expect, it } from 'vitest';
import { queuedJob } from '../test/queued-job.ts';
import { legacyStem } from './legacy-results.ts';

describe('the keys of results in the form of the guidance', () => {
  const origin = { id: 'a-1', prefix: 'out/b', tasktype: 'text-to-image', context: '{}' } as const;

  it('are in a folder of the tenant, and another for each try of the same request', () => {
    const [first, second] = [queuedJob({ tenantId: 't' }), queuedJob({ tenantId: 't', id: `job_${'1'.repeat(26)}` })];

    expect(legacyStem(first, origin)).toMatch(/^outputs\/t\/legacy\/out\/b\/a-1\/a-1-[0-9a-f]{4}$/);
    expect(legacyStem(first, origin)).toBe(legacyStem(first, origin));
    expect(legacyStem(first, origin)).not.toBe(legacyStem(second, origin));
  });

  it('need no prefix', () => {
    expect(legacyStem(queuedJob({ tenantId: 't' }), { ...origin, prefix: '' })).toMatch(
      /^outputs\/t\/legacy\/a-1\/a-1-/,
    );
  });
});
