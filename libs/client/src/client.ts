import { type Batches, makeBatches } from './batches.ts';
import { checkOptions, type ClientOptions } from './client-options.ts';
import type { CreateJobRequest } from './create-job-request.ts';
import type { CallOptions, JobHandle, WaitOptions } from './job-handle.ts';
import { type CreateOptions, type Jobs, makeJobs } from './jobs.ts';
import { type Keys, makeKeys } from './keys.ts';
import { type Limits, readLimits } from './limits.ts';
import { makeModels, type Models } from './models.ts';
import type { OutputHandle } from './output-handle.ts';
import { makeTransport } from './transport.ts';
import { makeUploads, type Uploads } from './uploads.ts';
import { fetchUsage, type Usage, type UsageOptions } from './usage.ts';
import {
  makeWebhookDeliveries,
  makeWebhookEndpoints,
  type WebhookDeliveries,
  type WebhookEndpoints,
} from './webhook-endpoints.ts';

export interface RunOptions extends WaitOptions, Pick<CreateOptions, 'idempotencyKey'> {}

export interface Client<Output extends OutputHandle = OutputHandle> {
  readonly jobs: Jobs<Output>;
  /** Up to a hundred jobs in one request. */
  readonly batches: Batches;
  readonly models: Models;
  readonly uploads: Uploads;
  /** Where events are sent to; they need a key with the scope `webhooks:manage`. */
  readonly webhookEndpoints: WebhookEndpoints;
  readonly webhookDeliveries: WebhookDeliveries;
  /** The tenant's API keys; they need a key with the scope `admin`. */
  readonly keys: Keys;
  limits(options?: CallOptions): Promise<Limits>;
  /** What the tenant's jobs used, by day and model. */
  usage(options?: UsageOptions): Promise<Usage>;
  /**
   * Creates a job and waits until it has succeeded. A signal or `waitMs` ends the waiting, not the job.
   * @throws JobFailedError when it ended otherwise
   * @throws WaitTimeoutError after `waitMs`
   */
  run(request: CreateJobRequest, options?: RunOptions): Promise<JobHandle<Output>>;
}

/**
 * A client whose outputs can do more, such as being saved where the runtime has files.
 * @throws TypeError for a wrong option
 */
export function createClientWith<Output extends OutputHandle>(
  options: ClientOptions,
  extendOutput: (output: OutputHandle) => Output,
): Client<Output> {
  const settings = checkOptions(options);
  const transport = makeTransport(settings);
  const uploads = makeUploads(settings, transport);
  const jobs = makeJobs(settings, transport, uploads, extendOutput);
  return {
    jobs,
    batches: makeBatches({ transport, uploads, runtime: settings.runtime, listJobs: jobs.list }),
    models: makeModels(transport),
    uploads,
    webhookEndpoints: makeWebhookEndpoints(transport, settings.runtime),
    webhookDeliveries: makeWebhookDeliveries(transport),
    keys: makeKeys(transport),
    async limits({ signal } = {}) {
      return readLimits(await transport.send({ path: '/v1/limits', signal }));
    },
    async usage(options) {
      return fetchUsage(transport, options);
    },
    async run(request, { idempotencyKey, ...options } = {}) {
      const handle = await jobs.create(request, { idempotencyKey, signal: options.signal });
      return handle.wait(options);
    },
  };
}

/**
 * A client of the job API for any runtime with fetch and WebCrypto. `@afterimage/client/node` has one that saves files.
 * @throws TypeError for a wrong option
 */
export function createClient(options: ClientOptions): Client {
  return createClientWith(options, (output) => output);
}
