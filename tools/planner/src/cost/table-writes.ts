/** A write of a job's item: what it changes of the table and of its indexes. */
interface JobWrite {
  readonly name: string;
  /** Whether the partition of `byTenantStatus` changes: the entry is written anew, and the old one deleted. */
  readonly movesStatus: boolean;
  /** Of the entry in `byDue`, which holds keys alone: made or removed 1, moved 2. */
  readonly dueWrites: 0 | 1 | 2;
}

/** Every write of the item of a job of one image that succeeds at once, in its order. */
export const JOB_WRITES: readonly JobWrite[] = [
  { name: 'created by submit-api', movesStatus: false, dueWrites: 1 },
  { name: 'published by submit-api', movesStatus: false, dueWrites: 2 },
  { name: 'claimed by the worker', movesStatus: true, dueWrites: 2 },
  { name: 'committed by the worker', movesStatus: true, dueWrites: 2 },
  { name: 'announced by the worker', movesStatus: false, dueWrites: 1 },
];

/** Small items of a job: its places in the queue and among those that run, what it used, and a ninth of a rate window. */
export const SMALL_WRITES = 2 + 1 + 1 / 9;

/** Each look of a heartbeat writes the job; one for so many seconds of a job. */
export const HEARTBEAT_SECONDS = 2;

/** The indexes that have all of a job: each write of its item is one of theirs as well. */
export const FULL_INDEXES = ['byTenant', 'byTenantStatus'] as const;
export const KEY_INDEXES = ['byDue'] as const;

/** Write units of a job on demand. A unit is a KB, begun ones included, of the table or of an index. */
export function writeUnitsOfJob(jobItemKb: number, jobSeconds: number): number {
  const units = Math.max(1, Math.ceil(jobItemKb));
  const inPlace = (1 + FULL_INDEXES.length) * units;
  const steps = JOB_WRITES.map(({ movesStatus, dueWrites }) => inPlace + (movesStatus ? units : 0) + dueWrites);
  const heartbeats = Math.floor(jobSeconds / HEARTBEAT_SECONDS) * (inPlace + 2);
  return steps.reduce((sum, step) => sum + step, 0) + heartbeats + SMALL_WRITES;
}
