import type { JobInput, JobRecord } from '@afterimage/job-schemas';
import { imageToImageInputSchema, LIMITS, rawInputSchema, workflowInputSchema } from '@afterimage/job-schemas';
import { aJobRecord, anId } from '@afterimage/testing';
import { contractEndpoints, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { afterAll, describe, expect, it } from 'vitest';
import { createDynamoClient, createTableInput, DynamoJobStore } from '../src/index.ts';

const aws = await startEmbeddedAws(contractEndpoints(process.env));
const client = createDynamoClient(aws.options.dynamodb);
const jobs = new DynamoJobStore(client, await aws.createTable(createTableInput(uniqueName('jobs'))));

afterAll(async () => {
  client.destroy();
  await aws.stop();
});

const aWorkflow = (value: unknown) =>
  workflowInputSchema.parse({
    workflow: { '1': { class_type: 'A', inputs: { value } } },
    images: { face: { uploadId: anId('upl') } },
  });

const CASES: readonly [string, JobRecord['task'], JobInput][] = [
  ['numbers that the table does not know', 'workflow', aWorkflow([1e300, 5e-324, 0.1 + 0.2, 2 ** 53 + 2])],
  ['as many levels as may be', 'workflow', aWorkflow(JSON.parse(`${'['.repeat(28)}${']'.repeat(28)}`))],
  ['empty names, nulls and empty sets', 'workflow', aWorkflow({ '': null, ' ': [], '  ': {} })],
  ['a whole body of numbers', 'workflow', aWorkflow(Array.from({ length: LIMITS.bodyBytes / 5 - 100 }, () => 1e20))],
  ['a raw body', 'text-to-image', rawInputSchema.parse({ raw: { cfg_scale: 1e-200, override_settings: { a: [1] } } })],
  [
    'references to images',
    'image-to-image',
    {
      ...imageToImageInputSchema.parse({ prompt: 'a', image: { uploadId: anId('upl') } }),
      mask: { jobOutput: `${anId('job')}/0` },
      seed: 1,
    },
  ],
];

describe('the jobs table keeps an input with', () => {
  it.each(CASES)('%s', async (_, task, input) => {
    const job = aJobRecord({ task, input });

    await jobs.create(job);

    expect((await jobs.create(job)).job).toEqual(job);
    expect(await jobs.get(job.id)).toEqual(job);
  });
});
