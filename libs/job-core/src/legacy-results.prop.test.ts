import { createTaskSchema, isLegacyId } from '@afterimage/job-schemas';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { queuedJob } from '../test/queued-job.ts';
import { legacyStem } from './legacy-results.ts';

const segment = fc.oneof(fc.constantFrom('.', '..', '', 'a', '%2e', '\\', '\0', ' '), fc.string());
const prefixes = fc.oneof(
  fc.array(segment, { maxLength: 5 }).map((parts) => parts.join('/')),
  fc.string(),
);
const ids = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/), fc.string());

it('whatever prefix and id are accepted, the results are in the folder of the tenant', () => {
  fc.assert(
    fc.property(ids, prefixes, (id, prefix) => {
      const metadata = { id, prefix, runtime: 'local', tasktype: 'text-to-image' };
      const task = createTaskSchema.safeParse({ task: { metadata, content: {} } }).data?.task.metadata;
      fc.pre(task !== undefined);
      const key = `${legacyStem(queuedJob({ tenantId: 't' }), { ...task, context: '{}' })}.out`;

      expect(isLegacyId(task.id)).toBe(true);
      expect(key.startsWith('outputs/t/legacy/')).toBe(true);
      expect(key.split('/').some((part) => part === '' || part === '.' || part === '..')).toBe(false);
      expect(new URL(`https://bucket.example.com/${key}`).pathname).toBe(`/${key}`);
    }),
  );
});
