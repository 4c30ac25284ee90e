import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line has that is written while a job is handled. */
export interface JobFields {
  readonly jobId: string;
  /** Null where no attempt has begun, as in the API. */
  readonly attempt: number | null;
  readonly tenantId: string;
  /** X-Ray's form; null when the job has no trace. */
  readonly traceId: string | null;
}

interface Scope {
  job: JobFields | undefined;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Runs work whose log lines are about one job: that of the argument, or the one that {@link noteJob} names in the course of it. */
export function inJobScope<T>(work: () => T, job?: JobFields): T {
  return scopes.run({ job }, work);
}

/** Names the job that the scope is about. Does nothing outside of a scope. */
export function noteJob({ jobId, attempt, tenantId, traceId }: JobFields): void {
  const scope = scopes.getStore();
  if (scope !== undefined) scope.job = { jobId, attempt, tenantId, traceId };
}

/** Starts what outlives the job in whose course it is started: its log lines are about none. */
export function outsideJobScope<T>(work: () => T): T {
  return scopes.exit(work);
}

/** The job that is being handled; undefined when there is none, or it is not known yet. */
export function currentJob(): JobFields | undefined {
  return scopes.getStore()?.job;
}
