import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  createDynamoClient,
  createTableInput,
  DynamoDeliveryStore,
  DynamoWebhookEndpointStore,
} from '@afterimage/job-aws';
import { makeSecretBox } from '@afterimage/job-core';
import { deliveryId } from '@afterimage/job-schemas';
import { aJobEvent, aJobRecord, aWebhookEndpoint, deferred } from '@afterimage/testing';
import { startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import { expect, onTestFinished, test } from 'vitest';
import { startReceiver } from './start-receiver.ts';

const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

/** A process that handles one message as the function does, and ends. */
function startFunction(env: Readonly<Record<string, string>>, message: object) {
  const child = fork(new URL('invoke.ts', import.meta.url), [JSON.stringify(message)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return { child, ended: once(child, 'exit') };
}

test('a function that is killed after the request and before the record repeats it under the same id', async () => {
  const aws = await startEmbeddedAws();
  const receiver = await startReceiver();
  onTestFinished(async () => {
    await receiver.stop();
    await aws.stop();
  });
  const key = randomBytes(32);
  const table = await aws.createTable(createTableInput('jobs'));
  const queue = await aws.createQueue('notifications');
  const events = await aws.createTopic('events');
  const env = {
    ...aws.env,
    JOB_TABLE: table,
    NOTIFICATIONS_QUEUE_URL: queue.url,
    JOB_EVENTS_TOPIC_ARN: events,
    LEGACY_RESULTS_TOPIC_ARN: events,
    API_URL: 'https://api.example.com',
    OUTPUT_BUCKET: 'outputs',
    WEBHOOK_SECRET_KEYS: key.toString('base64'),
    ALLOW_LOOPBACK_WEBHOOKS: 'true',
    LOG_LEVEL: 'ERROR',
  };
  const dynamo = createDynamoClient(aws.options.dynamodb);
  onTestFinished(() => dynamo.destroy());
  const endpoint = aWebhookEndpoint({ url: receiver.url });
  const sealed = makeSecretBox([key], randomBytes).seal(SECRET, endpoint.id);
  await new DynamoWebhookEndpointStore(dynamo, table).create({ ...endpoint, secrets: [{ sealed, expiresAt: null }] });
  const event = aJobEvent(aJobRecord({ status: 'succeeded' }));
  const arrived = deferred();
  receiver.answerWith(() => arrived.resolve());

  const killed = startFunction(env, event);
  await arrived.promise;
  killed.child.kill('SIGKILL');
  await killed.ended;
  const deliveries = new DynamoDeliveryStore(dynamo, table);
  const id = deliveryId(event.id, endpoint.id);
  expect(await deliveries.get(id)).toMatchObject({ status: 'pending', attempt: 1, attempts: [] });

  // The message comes back when its visibility timeout is over.
  receiver.answerWith((response) => response.writeHead(204).end());
  const [exitCode] = await startFunction(env, event).ended;

  expect(exitCode).toBe(0);
  const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  expect(await deliveries.get(id)).toMatchObject({ status: 'delivered', attempt: 1, lastStatusCode: 204 });
});
