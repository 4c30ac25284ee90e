import type { Alarm, Session } from '@afterimage/admin-schemas';
import type { Pools } from '@afterimage/app-config';
import { makeAcceptJob, makeCancelJob, makeEraseJob, makeRetryJob, makeSubmitJob } from '@afterimage/job-commands';
import {
  type ApiKeyParts,
  type Clock,
  type DeliveryQueue,
  type DeliveryStore,
  type EventPublisher,
  type JobPlaces,
  type JobPublisher,
  type JobStore,
  type KeyStore,
  makeAnnounce,
  makeEnqueue,
  makeEraseFiles,
  makeFindJob,
  makeGetJob as makeGetJobOfTenant,
  makeManageKeys,
  makeManageTenants,
  makeQueuePlaces,
  makeRedeliver,
  makeSignOutputs,
  makeTenantQuotas,
  type OutputStore,
  type QueueSwitch,
  type TargetStore,
  type TenantStore,
  type UsageStore,
  type WebhookEndpointStore,
  type WorkerRegistry,
} from '@afterimage/job-core';
import type { Log } from '@afterimage/telemetry';
import type { AdminHandlers } from './api/admin-app.ts';
import type { MakeCursor } from './api/cursors.ts';
import { makeGetDescription } from './api/describe-api.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { makeListAudit } from './audit/list-audit.ts';
import { makeDeadLetterActs } from './dead-letters/dead-letter-acts.ts';
import { makeExplainLetter } from './dead-letters/explain-letter.ts';
import { makeHoldLetters } from './dead-letters/hold-letters.ts';
import { makeListDeadLetters } from './dead-letters/list-dead-letters.ts';
import { makeRedriveFrom } from './dead-letters/redrive-from.ts';
import { makeBrowseJobs } from './jobs/browse-jobs.ts';
import { makeBulkAct } from './jobs/bulk-act.ts';
import { makeGetJob } from './jobs/get-job.ts';
import { makeJobActs } from './jobs/job-acts.ts';
import { makeListGallery } from './jobs/list-gallery.ts';
import { makeListJobDeliveries } from './jobs/list-job-deliveries.ts';
import { makeListJobs } from './jobs/list-jobs.ts';
import { makePresentAdminJob } from './jobs/present-admin-job.ts';
import { makeSubmitForTenant } from './jobs/submit-for-tenant.ts';
import { makeGetOverview } from './overview/get-overview.ts';
import { makeListPools } from './pools/list-pools.ts';
import { makeMeasureByJobs } from './queues/measure-by-jobs.ts';
import type { OperatorQueues } from './queues/operator-queues.ts';
import { makePurgeQueue } from './queues/purge-queue.ts';
import type { QueueDirectory } from './queues/queue-directory.ts';
import { makeQueueHandlers } from './queues/queue-handlers.ts';
import type { MeasureQueues } from './queues/queue-meter.ts';
import { makeReadQueues } from './queues/read-queues.ts';
import { makeGetSession } from './session.ts';
import { makeKeyHandlers } from './tenants/key-handlers.ts';
import { makeTenantHandlers } from './tenants/tenant-handlers.ts';
import type { CurrentTrace } from './trace-requests.ts';
import { makeGetJobTrace } from './traces/get-job-trace.ts';
import type { TraceStore } from './traces/trace-store.ts';
import { makeDeliveryHandlers } from './webhooks/delivery-handlers.ts';
import { makeListEndpoints } from './webhooks/list-endpoints.ts';
import { makeReadWorkers } from './workers/read-workers.ts';
import { makeWorkerHandlers } from './workers/worker-handlers.ts';

/** Everything that the console reads and changes. */
export interface HandlersPorts {
  readonly jobs: JobStore;
  readonly places: JobPlaces;
  readonly tenants: TenantStore;
  readonly keys: KeyStore;
  readonly usage: UsageStore;
  readonly outputs: OutputStore;
  readonly endpoints: WebhookEndpointStore;
  readonly deliveries: DeliveryStore;
  readonly targets: TargetStore;
  readonly registry: WorkerRegistry;
  readonly queueSwitch: QueueSwitch;
  readonly traces: TraceStore;
  readonly audit: AuditLog;
  readonly publisher: JobPublisher;
  readonly events: EventPublisher;
  readonly deliveryQueue: DeliveryQueue;
  readonly queues: OperatorQueues;
  readonly directory: QueueDirectory;
  /** Where nothing else measures them, queues are measured by their jobs. */
  readonly measureQueues?: MeasureQueues | undefined;
  readonly readAlarms: () => Promise<readonly Alarm[]>;
  readonly dollarsPerHour: (pool: string) => number | undefined;
  readonly cursors: MakeCursor;
  readonly pools: Pools;
  readonly session: Omit<Session, 'operator'>;
  readonly urlExpiresSeconds: number;
  readonly allowLoopbackWebhooks: boolean;
  readonly newJobId: () => string;
  readonly newSeed: () => number;
  readonly newKeyParts: () => ApiKeyParts;
  readonly newWebhookSecret: () => string;
  readonly currentTrace: CurrentTrace;
  readonly now: Clock;
  readonly log: Log;
}

/** What is done to jobs, as the public API does it. */
function jobCommands(ports: HandlersPorts) {
  const { jobs, places, tenants, outputs, publisher, events, pools, newJobId, newSeed, now, log } = ports;
  const { apiUrl } = ports.session;
  const announce = makeAnnounce({ jobs, events, apiUrl, now });
  const enqueue = makeEnqueue({ jobs, publisher });
  const queue = makeQueuePlaces({ places, now, quotasOfTenant: makeTenantQuotas({ tenants, now }) });
  const acceptJob = makeAcceptJob({ jobs, queue, enqueue, announce, log });
  const getJob = makeGetJobOfTenant({ jobs, now });
  const { allowLoopbackWebhooks } = ports;
  return {
    submitJob: makeSubmitJob({ jobs, acceptJob, pools, allowLoopbackWebhooks, now, newJobId, newSeed }),
    retryJob: makeRetryJob({ jobs, getJob, acceptJob, pools, now, newJobId }),
    cancelJob: makeCancelJob({ jobs, getJob, announce, now, log }),
    eraseJob: makeEraseJob({
      jobs,
      findJob: makeFindJob({ jobs, now }),
      announce,
      eraseFiles: makeEraseFiles({ jobs, outputs }),
      now,
      log,
    }),
  };
}

function jobHandlers(ports: HandlersPorts, commands: ReturnType<typeof jobCommands>) {
  const { jobs, tenants, endpoints, deliveries, outputs, cursors, urlExpiresSeconds, currentTrace, now } = ports;
  const { apiUrl } = ports.session;
  const signOutputs = makeSignOutputs({ outputs, expiresInSeconds: urlExpiresSeconds, now });
  const presentAdminJob = makePresentAdminJob({ signOutputs, apiUrl, now });
  const browseJobs = makeBrowseJobs({ jobs, tenants });
  const lists = { browseJobs, presentAdminJob, cursors };
  const acts = makeJobActs({ jobs, presentAdminJob, currentTrace, ...commands });
  const { readAlarms, dollarsPerHour } = ports;
  return {
    acts,
    browseJobs,
    routes: {
      'GET /overview': makeGetOverview({ browseJobs, readAlarms, dollarsPerHour, now }),
      'GET /jobs': makeListJobs(lists),
      'POST /jobs': makeSubmitForTenant({ tenants, submitJob: commands.submitJob, presentAdminJob, currentTrace }),
      'POST /jobs/bulk': makeBulkAct(acts),
      'GET /jobs/:id': makeGetJob({ jobs, presentAdminJob }),
      'POST /jobs/:id/cancel': acts.cancelOne,
      'POST /jobs/:id/retry': acts.retryOne,
      'POST /jobs/:id/erase': acts.eraseOne,
      'GET /jobs/:id/deliveries': makeListJobDeliveries({ jobs, endpoints, deliveries }),
      'GET /jobs/:id/trace': makeGetJobTrace({ jobs, traces: ports.traces }),
      'GET /gallery': makeListGallery(lists),
    },
  } as const;
}

function queueHandlers(
  ports: HandlersPorts,
  commands: ReturnType<typeof jobCommands>,
  { acts, browseJobs }: ReturnType<typeof jobHandlers>,
) {
  const { jobs, deliveries, queues, directory, queueSwitch, now, log } = ports;
  const measureQueues = ports.measureQueues ?? makeMeasureByJobs({ browseJobs, now });
  const handlers = makeQueueHandlers({
    directory,
    readQueues: makeReadQueues({ queues, directory, queueSwitch, measureQueues }),
    queueSwitch,
    purgeQueue: makePurgeQueue({ queues, jobs, cancelJob: commands.cancelJob, now, log }),
    now,
  });
  const holdLetters = makeHoldLetters({ queues, explainLetter: makeExplainLetter({ jobs, deliveries }) });
  const redriveFrom = makeRedriveFrom({ queues, directory, jobs, retry: acts.retry });
  const letters = makeDeadLetterActs({ queues, directory, holdLetters, redriveFrom, now });
  return {
    'GET /queues': handlers.list,
    'POST /queues/:name/pause': handlers.pause,
    'POST /queues/:name/resume': handlers.resume,
    'POST /queues/:name/purge': handlers.purge,
    'GET /dead-letters': makeListDeadLetters({ queues, directory, holdLetters, now }),
    'POST /dead-letters/redrive': letters.redrive,
    'POST /dead-letters/discard': letters.discard,
  } as const;
}

function tenantHandlers(ports: HandlersPorts) {
  const { tenants, keys, usage, endpoints, deliveries, targets, deliveryQueue: queue, cursors, now } = ports;
  const manageTenants = makeManageTenants({ tenants, newWebhookSecret: ports.newWebhookSecret });
  const manageKeys = makeManageKeys({ keys, now, newKeyParts: ports.newKeyParts });
  const ofTenants = makeTenantHandlers({ manageTenants, usage, cursors, now });
  const ofKeys = makeKeyHandlers({ manageKeys, manageTenants });
  const redeliver = makeRedeliver({ deliveries, queue, now });
  const ofDeliveries = makeDeliveryHandlers({ deliveries, endpoints, redeliver, cursors });
  return {
    'GET /tenants': ofTenants.list,
    'POST /tenants': ofTenants.create,
    'GET /tenants/:id': ofTenants.get,
    'PATCH /tenants/:id': ofTenants.change,
    'GET /tenants/:id/usage': ofTenants.usageOf,
    'GET /tenants/:id/keys': ofKeys.list,
    'POST /tenants/:id/keys': ofKeys.create,
    'POST /tenants/:id/keys/:keyId/rotate': ofKeys.rotate,
    'POST /tenants/:id/keys/:keyId/revoke': ofKeys.revoke,
    'GET /webhook-endpoints': makeListEndpoints({ tenants, endpoints, deliveries, targets, cursors, now }),
    'GET /webhook-endpoints/:id/deliveries': ofDeliveries.list,
    'POST /webhook-deliveries/:id/redeliver': ofDeliveries.redeliverOne,
  } as const;
}

/** The handler of every route, on the ports of the deployment. */
export function makeHandlers(ports: HandlersPorts): AdminHandlers {
  const { registry, pools, audit, cursors, now } = ports;
  const commands = jobCommands(ports);
  const ofJobs = jobHandlers(ports, commands);
  const readWorkers = makeReadWorkers({ registry, pools: pools.pools.map(({ name }) => name), now });
  const ofWorkers = makeWorkerHandlers({ registry, readWorkers });
  return {
    'GET /openapi.json': makeGetDescription(ports.session.version),
    'GET /session': makeGetSession(ports.session),
    ...ofJobs.routes,
    ...queueHandlers(ports, commands, ofJobs),
    'GET /workers': ofWorkers.list,
    'POST /workers/:id/drain': ofWorkers.drain,
    'GET /pools': makeListPools({ pools, readWorkers }),
    ...tenantHandlers(ports),
    'GET /audit': makeListAudit({ audit, cursors }),
  };
}
