import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDynamoClient, createTableInput, DynamoJobStore, DynamoKeyStore } from '@afterimage/job-aws';
import { apiKeyText, newApiKeyParts, secretSha256 } from '@afterimage/job-core';
import { aJobRecord } from '@afterimage/testing';
import { startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import type { Prepared } from './invocations.ts';

const POOLS = { pools: [{ name: 'local', engine: 'sketch', models: [{ id: 'sketch-1', tasks: ['text-to-image'] }] }] };

/** The embedded AWS with what every function needs, a directory for files, and the environment of all functions. */
export async function startWorld() {
  const aws = await startEmbeddedAws();
  const directory = await mkdtemp(join(tmpdir(), 'bench-api-'));
  const poolsFile = join(directory, 'pools.json');
  await writeFile(poolsFile, JSON.stringify(POOLS));
  const table = await aws.createTable(createTableInput('jobs'));
  const queue = await aws.createQueue('notifications');
  const dynamo = createDynamoClient(aws.options.dynamodb);
  const createdAt = new Date().toISOString();
  const { job } = await new DynamoJobStore(dynamo, table).create(aJobRecord({ tenantId: 'tenant-1', createdAt }));
  const key = newApiKeyParts((limit) => randomInt(limit));
  await new DynamoKeyStore(dynamo, table).put({
    keyId: key.keyId,
    tenantId: 'tenant-1',
    name: 'bench',
    scopes: ['jobs:write'],
    secretSha256: secretSha256(key.secret),
    createdAt,
    revokedAt: null,
  });
  const prepared: Prepared = { apiKey: apiKeyText(key), jobId: job.id };
  const env = {
    PATH: process.env.PATH ?? '',
    ...aws.env,
    LOG_LEVEL: 'ERROR',
    JOB_TABLE: table,
    JOB_REQUESTS_TOPIC_ARN: await aws.createTopic('job-requests'),
    JOB_EVENTS_TOPIC_ARN: await aws.createTopic('job-events'),
    LEGACY_RESULTS_TOPIC_ARN: await aws.createTopic('legacy-results'),
    NOTIFICATIONS_QUEUE_URL: queue.url,
    DEAD_LETTER_QUEUE_URLS: '',
    INPUT_BUCKET: await aws.createBucket('inputs'),
    OUTPUT_BUCKET: await aws.createBucket('outputs'),
    API_URL: 'https://api.example.com',
    POOLS_FILE: poolsFile,
    CURSOR_SECRET: 's'.repeat(32),
    WEBHOOK_SECRET_KEYS: randomBytes(32).toString('base64'),
  };
  return {
    directory,
    prepared,
    env,
    async stop() {
      dynamo.destroy();
      await aws.stop();
      await rm(directory, { recursive: true });
    },
  };
}
