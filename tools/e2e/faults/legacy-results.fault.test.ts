import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTopicCommand, DeleteTopicCommand } from '@aws-sdk/client-sns';
import { createSnsClient } from '@afterimage/job-aws';
import { legacyJobId } from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { followLegacyResults } from '../src/legacy-results.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

const CREDENTIALS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const JOB_ID = legacyJobId('local', 'test-t2i');

let test: TestStack;

beforeAll(async () => {
  // The end alone is told of, so that it is what fails.
  test = await startTestStack({ env: { 'result-notifier': { LEGACY_RUNNING_CALLBACKS: 'false' } } });
});
afterAll(() => test?.stop());

/** The time is over that the notifier has, and more than SQS would try. */
async function passTime(): Promise<void> {
  const dueAt = new Date(0).toISOString();
  await test.jobs.change(JOB_ID, { guard: { status: ['succeeded'] }, set: { dueAt }, bumpsVersion: false });
}

it('a callback that cannot be published comes once its topic is back, and the files are there once', async () => {
  const { awsEndpoints, resources } = test.stack;
  const sns = createSnsClient({ endpoint: awsEndpoints.sns, ...CREDENTIALS });
  await sns.send(new DeleteTopicCommand({ TopicArn: resources.topics.legacyResults }));
  const metadata = { id: 'test-t2i', runtime: 'local', tasktype: 'text-to-image', prefix: 'output' };
  const task = { metadata, content: { prompt: 'a red boat', width: 64, height: 64, steps: 2 } };
  await test.client.call('/v1alpha2/task', { method: 'POST', body: { task } });
  const folder = 'outputs/local/legacy/output/test-t2i/';
  const log = join(test.stack.logs, 'result-notifier.log');
  const hasFailed = () => existsSync(log) && readFileSync(log, 'utf8').includes('message failed');
  await waitFor(hasFailed, { timeoutMs: 30_000, what: 'a publication that fails' });

  await sns.send(new CreateTopicCommand({ Name: 'legacy-results' }));
  const results = await followLegacyResults(test.stack);
  expect(await test.jobs.get(JOB_ID)).toMatchObject({ status: 'succeeded', isAnnounced: false });
  await passTime();

  const { image_url, output_url } = JSON.parse(await results.callback('test-t2i', 'completed'));
  const isDone = async () => (await test.jobs.get(JOB_ID))?.isAnnounced;
  await waitFor(isDone, { timeoutMs: 30_000, what: 'the note on the job' });
  const keys = await test.objects(folder);
  expect(keys.map((key) => `s3://outputs/${key}`).sort()).toEqual([...image_url, output_url].sort());
  results.stop();
  sns.destroy();
});
