import type {
  DeliveryMessage,
  JobEvent,
  JobMessage,
  JobRecord,
  JobStatus,
  LegacyCallback,
  Priority,
  QuotaOverrides,
  Scope,
} from '@afterimage/job-schemas';
import type { BatchEvent, BatchRecord, BatchRequest } from '@afterimage/job-schemas';
import type { BatchChange } from './batch-lifecycle.ts';
import type { JobChange } from './job-change.ts';

export type * from './file-ports.ts';
export type * from './quota-ports.ts';

/** Where a page of a list ended: the sort key of its last job. */
export interface ListPosition {
  readonly createdAt: string;
  readonly id: string;
}

/** Newest first. Times are ISO and exclusive. */
export interface JobQuery {
  readonly tenantId: string;
  readonly status?: JobStatus;
  readonly model?: string;
  /** Jobs of this batch alone. */
  readonly batchId?: string;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly limit: number;
  readonly after?: ListPosition;
}

/** Every call that cannot be answered rejects with {@link DependencyUnavailableError}. */
export interface JobStore {
  /** One conditional put: `created` is false, and `job` the stored one, when the id exists. */
  create(job: JobRecord): Promise<{ readonly created: boolean; readonly job: JobRecord }>;
  /** Strongly consistent. */
  get(jobId: string): Promise<JobRecord | undefined>;
  /** One conditional update. The job after it; undefined when the guard did not hold or there is no such job. */
  change(jobId: string, change: JobChange): Promise<JobRecord | undefined>;
  /** Eventually consistent. `next` is null on the last page. */
  list(query: JobQuery): Promise<{ readonly jobs: readonly JobRecord[]; readonly next: ListPosition | null }>;
}

/** The states of many jobs at once. */
export interface JobStatusReader {
  /** By job id; without those that are not there. Strongly consistent. At most 100 ids. */
  statusesOf(jobIds: readonly string[]): Promise<ReadonlyMap<string, JobStatus>>;
}

export interface BatchStore {
  /**
   * Puts the requests of the accepted items, then the batch, by one conditional put: `created` is false, and `batch` the
   * stored one, when the id exists. The requests of a batch are there for as long as it is not filled.
   */
  create(
    batch: BatchRecord,
    requests: readonly BatchRequest[],
  ): Promise<{ readonly created: boolean; readonly batch: BatchRecord }>;
  /** Strongly consistent. */
  get(batchId: string): Promise<BatchRecord | undefined>;
  /** One conditional update. The batch after it; undefined when the guard did not hold or there is no such batch. */
  change(batchId: string, change: BatchChange): Promise<BatchRecord | undefined>;
  /** In the order of the items; none once they are dropped. Strongly consistent. */
  requestsOf(batch: BatchRecord): Promise<readonly BatchRequest[]>;
  dropRequests(batch: BatchRecord): Promise<void>;
}

export type DueItem = { readonly kind: 'job' | 'batch' | 'delivery'; readonly id: string; readonly dueAt: string };

/** What is overdue, of every kind. Eventually consistent: each step after it is conditional. */
export interface DueIndex {
  /** Items due at or before `now` (ISO), the oldest first within each shard, at most `limit` a shard. */
  listDue(now: string, limit: number): Promise<readonly DueItem[]>;
}

/** Puts claim checks on the `job-requests` topic. */
export interface JobPublisher {
  publish(message: JobMessage, traceparent: string | null): Promise<void>;
}

/** Puts events on the `job-events` topic. */
export interface EventPublisher {
  publish(event: JobEvent): Promise<void>;
}

/** Puts callbacks in the guidance's form on the `legacy-results` topic, with what subscribers filter by. */
export interface LegacyPublisher {
  publish(callback: LegacyCallback, job: Pick<JobRecord, 'tenantId' | 'id' | 'traceparent'>): Promise<void>;
}

/** Puts events of batches on the `job-events` topic. */
export interface BatchEventPublisher {
  publishBatchEvent(event: BatchEvent): Promise<void>;
}

/** Sends the next attempt of a webhook delivery to the notifications queue. `delaySeconds` 0 to 900. */
export interface DeliveryQueue {
  send(message: DeliveryMessage, delaySeconds: number): Promise<void>;
}

export interface ApiKey {
  readonly keyId: string;
  readonly tenantId: string;
  /** What its owner calls it. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the secret, in hex. */
  readonly secretSha256: string;
  readonly createdAt: string;
  /** From then on the key does not work; it may lie ahead. */
  readonly revokedAt: string | null;
}

export interface KeyStore {
  get(keyId: string): Promise<ApiKey | undefined>;
  put(key: ApiKey): Promise<void>;
  /** Every key of the tenant, the newest first. Strongly consistent. */
  listByTenant(tenantId: string): Promise<readonly ApiKey[]>;
  /** Ends the key at `at` (ISO), or when it ends already if that is earlier: the key after it; undefined when there is none. */
  endBy(keyId: string, at: string): Promise<ApiKey | undefined>;
}

export interface Tenant {
  readonly tenantId: string;
  /** `whsec_…`, the newest first; all of them sign. */
  readonly webhookSecrets: readonly string[];
  /** In place of the defaults. */
  readonly quotas: QuotaOverrides;
}

export interface TenantStore {
  get(tenantId: string): Promise<Tenant | undefined>;
  put(tenant: Tenant): Promise<void>;
  /** False when there is a tenant of this id. */
  create(tenant: Tenant): Promise<boolean>;
  /** False when there is no such tenant. */
  setQuotas(tenantId: string, quotas: QuotaOverrides): Promise<boolean>;
  /** In the order of their ids, those after `after`. `next` is null on the last page. */
  list(page: {
    readonly limit: number;
    readonly after?: string;
  }): Promise<{ readonly tenants: readonly Tenant[]; readonly next: string | null }>;
}

/** What one job used. */
export interface JobUsage {
  readonly tenantId: string;
  readonly jobId: string;
  /** UTC, of the end of the job. */
  readonly day: string;
  readonly model: string;
  readonly images: number;
  readonly engineMs: number;
}

/** The sum over the jobs of a model. */
export type UsageOfModel = Pick<JobUsage, 'model' | 'images' | 'engineMs'> & { readonly jobs: number };

export interface UsageStore {
  /** Recording a job again is the same. */
  record(usage: JobUsage): Promise<void>;
  /** In the order of the models. */
  ofDay(tenantId: string, day: string): Promise<readonly UsageOfModel[]>;
}

/** What a worker tells of itself. */
export interface WorkerRecord {
  readonly workerId: string;
  readonly pool: string;
  readonly engine: string;
  /** `starting`, `polling`, `working`, `draining`, `stopped` or `failed`. */
  readonly state: string;
  /** Of its last job: what the engine has loaded; null before the first one. */
  readonly model: string | null;
  readonly jobs: readonly { readonly jobId: string; readonly attempt: number; readonly leaseAgeMs: number }[];
  /** Its Spot machine is about to be taken back. */
  readonly hasSpotNotice: boolean;
  readonly startedAt: string;
  readonly seenAt: string;
}

/** What operators want of a worker. */
export interface WorkerWishes {
  /** It is to finish the job that it has, take no other, and end. */
  readonly isDrainRequested: boolean;
}

export type ListedWorker = WorkerRecord & WorkerWishes;

export interface WorkerRegistry {
  /** Replaces what the worker told before, and yields what is wanted of it. */
  report(worker: WorkerRecord): Promise<WorkerWishes>;
  /** Workers of the pool that were seen since `seenSince` (ISO), in the order of their ids. Eventually consistent. */
  listByPool(pool: string, seenSince: string): Promise<readonly ListedWorker[]>;
  /**
   * The wish holds for the process that started then, not for the next one of the same name. False when that is not there
   * any more.
   */
  requestDrain(worker: Pick<WorkerRecord, 'pool' | 'workerId' | 'startedAt'>): Promise<boolean>;
}

/** Which queues of a pool no worker is to take from, by the wish of an operator. */
export interface QueueSwitch {
  /** Eventually consistent. */
  pausedOf(pool: string): Promise<ReadonlySet<Priority>>;
  setPaused(pool: string, priority: Priority, isPaused: boolean): Promise<void>;
}

export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often the message was received, this time included. */
  readonly receiveCount: number;
  readonly traceparent: string | null;
  /** The latest place in the trace that AWS knows of, as the value of `X-Amzn-Trace-Id`. */
  readonly awsTraceHeader: string | null;
}

export interface MessageToSend {
  readonly body: string;
  readonly traceparent: string | null;
  /** Messages of one group do not hold up those of the others. */
  readonly groupId: string;
}

/** One SQS queue as a worker uses it. */
export interface MessageQueue {
  /** Yields no messages when `signal` aborts; what was received before that is never dropped. */
  receive(options: {
    max: number;
    waitSeconds: number;
    visibilitySeconds: number;
    signal: AbortSignal;
  }): Promise<readonly ReceivedMessage[]>;
  delete(receiptHandle: string): Promise<void>;
  /** 0 makes the message visible at once. False when the message is not in flight under this handle any more. */
  changeVisibility(receiptHandle: string, seconds: number): Promise<boolean>;
  /** Puts a message of its own into the queue, which shows after `delaySeconds`, 0 to 900. */
  sendLater(message: MessageToSend, delaySeconds: number): Promise<void>;
}

export type Clock = () => Date;
