import { randomBytes } from 'node:crypto';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import {
  createDynamoClient,
  createSqsClient,
  DynamoDeliveryStore,
  DynamoWebhookEndpointStore,
} from '@afterimage/job-aws';
import { makeSecretBox } from '@afterimage/job-core';
import { startLocalStack } from '@afterimage/local-stack';
import { aJobEvent, aJobRecord, anId, aWebhookEndpoint } from '@afterimage/testing';

const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const PAGE = 100;

/** An endpoint of a tenant of its own. */
export interface Tenant {
  readonly tenantId: string;
  readonly endpointId: string;
}

export type WebhooksWorld = Awaited<ReturnType<typeof startWebhooksWorld>>;

/** The local stack, with a way to put events of jobs into the notifier's queue. */
export async function startWebhooksWorld() {
  const key = randomBytes(32);
  const env = { 'result-notifier': { WEBHOOK_SECRET_KEYS: key.toString('base64'), LOG_LEVEL: 'ERROR' } } as const;
  const stack = await startLocalStack({ persistence: 'memory', workers: 0, env });
  const { awsEndpoints, resources } = stack;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { region: 'us-east-1', credentials };
  const dynamo = createDynamoClient({ endpoint: awsEndpoints.dynamodb, ...options });
  const sqs = createSqsClient({ endpoint: awsEndpoints.sqs, ...options });
  const endpoints = new DynamoWebhookEndpointStore(dynamo, resources.table);
  const deliveries = new DynamoDeliveryStore(dynamo, resources.table);
  const secretBox = makeSecretBox([key], randomBytes);

  return {
    async addTenant(url: string): Promise<Tenant> {
      const tenantId = anId('evt');
      const endpoint = aWebhookEndpoint({ tenantId, url, events: ['job.succeeded'] });
      const sealed = secretBox.seal(SECRET, endpoint.id);
      await endpoints.create({ ...endpoint, secrets: [{ sealed, expiresAt: null }] });
      return { tenantId, endpointId: endpoint.id };
    },
    /** Puts an event of each tenant into the queue in one call; the ids of the jobs that they are about, in that order. */
    async tell(tenants: readonly Tenant[]): Promise<string[]> {
      const events = tenants.map(({ tenantId }) => aJobEvent(aJobRecord({ tenantId, status: 'succeeded' })));
      const entries = events.map((event, index) => ({ Id: String(index), MessageBody: JSON.stringify(event) }));
      const command = new SendMessageBatchCommand({ QueueUrl: resources.notifications.url, Entries: entries });
      const { Failed = [] } = await sqs.send(command);
      if (Failed.length > 0) throw new Error(`${Failed.length} events were not taken by the queue`);
      return events.map(({ subject }) => subject);
    },
    /** How many deliveries the endpoint has of each status. */
    async countDeliveries({ endpointId }: Tenant): Promise<Readonly<Record<string, number>>> {
      const counts: Record<string, number> = {};
      let after: { readonly createdAt: string; readonly id: string } | null = null;
      do {
        const page: Awaited<ReturnType<typeof deliveries.list>> = await deliveries.list({
          endpointId,
          limit: PAGE,
          ...(after === null ? {} : { after }),
        });
        for (const { status } of page.deliveries) counts[status] = (counts[status] ?? 0) + 1;
        after = page.next;
      } while (after !== null);
      return counts;
    },
    async stop() {
      dynamo.destroy();
      sqs.destroy();
      await stack.stop();
    },
  };
}
