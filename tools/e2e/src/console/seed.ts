import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { deadLettersSchema } from '@afterimage/admin-schemas';
import { webhookEndpointSchema } from '@afterimage/job-schemas';
import { aJobRecord, anId, waitFor } from '@afterimage/testing';
import { aRequest, type Client } from '../client.ts';
import type { TestStack } from '../stack.ts';
import { addTenant } from '../tenants.ts';
import { startReceiver } from '../webhook-receiver.ts';

/** The variables that make a worker notice soon what went wrong. */
export const QUICK_WORKER = {
  LEASE_SECONDS: '2',
  HEARTBEAT_INTERVAL_MS: '200',
  VISIBILITY_SECONDS: '2',
  VISIBILITY_INTERVAL_MS: '500',
};

/** What stands in the console: jobs in every state that ends, deliveries, two dead letters, two tenants. */
export interface Seeds {
  readonly acme: Client;
  readonly succeeded: string;
  readonly failed: string;
  readonly canceled: string;
  /** Failed because nobody could read its message, which is a dead letter now. */
  readonly poisoned: string;
  /** All of that kind. */
  readonly poisons: readonly string[];
  readonly endpointId: string;
  /** Ends the reconciler's looks at dead letters, which hide them from others meanwhile, and waits until all can be read. */
  leaveDeadLetters(): Promise<void>;
  stop(): Promise<void>;
}

const LOOK_MS = 10_000;
const HIDDEN_MS = 40_000;

const PICTURES = [
  'a red boat on a calm lake at dawn',
  'a lighthouse on a cliff in a storm',
  'a green valley with a river, morning mist',
  'a city at night seen from a hill',
];

async function poison(test: TestStack): Promise<string> {
  const createdAt = new Date().toISOString();
  const record = aJobRecord({ id: anId('job'), tenantId: test.stack.tenantId, createdAt, isPublished: true });
  const queue = test.stack.resources.jobQueues['local-interactive'];
  if (queue === undefined) throw new Error('there is no queue local-interactive');
  await test.jobs.create({ ...record, dueAt: record.startDeadlineAt });
  const body = {
    jobId: record.id,
    tenantId: record.tenantId,
    pool: 'local',
    priority: 'interactive',
    attempt: 'first',
  };
  await test.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: JSON.stringify(body) }));
  return record.id;
}

/** Makes traffic through the public API, and two messages that no client could send. */
export async function seed(test: TestStack): Promise<Seeds> {
  const { client, stack } = test;
  const poisons = [await poison(test), await poison(test)];
  const [poisoned = ''] = poisons;
  const receiver = await startReceiver([500]);
  const created = await client.call('/v1/webhook-endpoints', {
    method: 'POST',
    body: { url: receiver.url, events: ['job.succeeded', 'job.failed'], description: 'the shop' },
  });
  const { id: endpointId } = webhookEndpointSchema.parse(created.json);
  const acme = await addTenant(stack, 'acme');
  const slow = { steps: 150, images: 8 };
  const timedOut = { policy: { executionTimeoutSeconds: 1, maxAttempts: 1 } };
  const pictures = PICTURES.map((prompt, index) =>
    aRequest(
      { metadata: { order: `A-${index}` } },
      { prompt, width: 384, height: 256, steps: 12, images: index === 0 ? 2 : 1 },
    ),
  );
  const made = await Promise.all(pictures.map((request) => client.submit(request)));
  const theirs = await acme.submit(pictures[1]);
  const failed = await client.submit(aRequest(timedOut, slow));
  const canceled = await client.submit(aRequest({}, slow));
  await client.call(`/v1/jobs/${canceled.id}/cancel`, { method: 'POST' });
  await Promise.all([...made, failed, canceled].map(({ id }) => client.terminal(id)));
  await Promise.all([acme.terminal(theirs.id), ...poisons.map((id) => client.terminal(id))]);
  return {
    acme,
    succeeded: made[0]?.id ?? '',
    failed: failed.id,
    canceled: canceled.id,
    poisoned,
    poisons,
    endpointId,
    leaveDeadLetters: async () => {
      stack.reconciler.pause();
      const url = new URL('/admin/v1/dead-letters', stack.consoleUrl ?? undefined);
      const look = async () => {
        const response = await fetch(url, { signal: AbortSignal.timeout(LOOK_MS) });
        const { total, read } = deadLettersSchema.parse(await response.json());
        return total === poisons.length && read === total;
      };
      await waitFor(look, { what: 'dead letters that can be read', timeoutMs: HIDDEN_MS, intervalMs: 500 });
    },
    stop: receiver.stop,
  };
}
