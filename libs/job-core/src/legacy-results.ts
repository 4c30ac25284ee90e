/** Where the results of a request in the form of the AWS guidance are, and who waits until they are there. */
import { createHash } from 'node:crypto';
import type { JobRecord, LegacyOrigin } from '@afterimage/job-schemas';
import type { JobChange } from './job-change.ts';
import { after } from './lifecycle.ts';

const TERMINAL = ['succeeded', 'failed', 'canceled', 'expired'] as const;

/**
 * Seconds after which the results of a request in the guidance's form are overdue. Their event tells the one who writes
 * them, who then confirms it with `confirmAnnounced`.
 */
const LEGACY_GRACE_SECONDS = 120;

/** The event of the terminal state is about to be published to the one who confirms it: until then the job stays due. */
export function awaitLegacyResults(job: Pick<JobRecord, 'version'>, now: Date): JobChange {
  return {
    guard: { status: TERMINAL, version: job.version },
    set: { dueAt: after(now, LEGACY_GRACE_SECONDS) },
    bumpsVersion: false,
  };
}

/** Folder of the results of a request in the guidance's form: the tenant's own, so that no other can name it. */
export function legacyFolder(tenantId: string, { id, prefix }: Pick<LegacyOrigin, 'id' | 'prefix'>): string {
  return ['outputs', tenantId, 'legacy', ...(prefix === '' ? [] : [prefix]), id].join('/');
}

/**
 * What the keys of a job's results in the guidance's form begin with, up to `-1.png` or `.out`. The four digits are of the
 * job, so that writing them again writes the same objects, and a retry of the job others.
 */
export function legacyStem({ tenantId, id }: Pick<JobRecord, 'tenantId' | 'id'>, origin: LegacyOrigin): string {
  const digits = createHash('sha256').update(id).digest('hex').slice(0, 4);
  return `${legacyFolder(tenantId, origin)}/${origin.id}-${digits}`;
}
