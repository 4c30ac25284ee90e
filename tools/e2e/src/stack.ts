import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  createDynamoClient,
  createS3Client,
  createSqsClient,
  DynamoBatchStore,
  DynamoJobStore,
} from '@afterimage/job-aws';
import type { ListPosition } from '@afterimage/job-core';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '@afterimage/local-stack';
import { Client } from './client.ts';
import { faultsInLogs } from './log-secrets.ts';

const CREDENTIALS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** The stack under test, with what a test looks at behind the API's back. */
export interface TestStack {
  readonly stack: LocalStack;
  readonly client: Client;
  readonly jobs: DynamoJobStore;
  readonly batches: DynamoBatchStore;
  readonly sqs: ReturnType<typeof createSqsClient>;
  /** Keys of the objects under a prefix of the outputs bucket. */
  objects(prefix: string): Promise<string[]>;
  /** @throws Error when the logs of the run, up to the end of the last process, are not as they should be */
  stop(): Promise<void>;
}

/** The prompts of a tenant's jobs, as far as they are not erased. */
async function promptsOf(jobs: DynamoJobStore, tenantId: string): Promise<string[]> {
  const prompts: string[] = [];
  let after: ListPosition | null = null;
  do {
    const page = await jobs.list({ tenantId, limit: 100, ...(after === null ? {} : { after }) });
    prompts.push(...page.jobs.flatMap(({ input }) => ('prompt' in input ? [input.prompt] : [])));
    after = page.next;
  } while (after !== null);
  return prompts;
}

/** A stack in memory on free ports; it ends with `stop`. */
export async function startTestStack(options: LocalStackOptions = {}): Promise<TestStack> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'afterimage-e2e-'));
  const defaults = { persistence: 'memory', reconcileIntervalMs: 500 } as const;
  const stack = await startLocalStack({ ...defaults, ...options, directory });
  const { awsEndpoints, resources } = stack;
  const s3 = createS3Client({ endpoint: awsEndpoints.s3, ...CREDENTIALS });
  const sqs = createSqsClient({ endpoint: awsEndpoints.sqs, ...CREDENTIALS });
  const dynamo = createDynamoClient({ endpoint: awsEndpoints.dynamodb, ...CREDENTIALS });
  const jobs = new DynamoJobStore(dynamo, resources.table);
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    let prompts: string[];
    try {
      prompts = await promptsOf(jobs, stack.tenantId);
    } finally {
      for (const client of [s3, sqs, dynamo]) client.destroy();
      await stack.stop();
    }
    const faults = faultsInLogs(stack.logs, prompts);
    if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
    if (faults.length > 0) throw new Error(`the logs of this run are not clean: ${faults.join(', ')}`);
  }

  return {
    stack,
    client: new Client(stack),
    jobs,
    batches: new DynamoBatchStore(dynamo, resources.table),
    sqs,
    objects: async (prefix) => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: resources.bucket, Prefix: prefix }));
      return Contents.map(({ Key = '' }) => Key);
    },
    stop: () => (stopped ??= stop()),
  };
}
