import {
  createOldTaskSchema,
  createTaskSchema,
  oldTaskAcceptedSchema,
  taskAcceptedSchema,
} from '@afterimage/job-schemas';
import type { ProblemCode } from '@afterimage/job-schemas';
import { EXAMPLE_MODEL } from '../examples.ts';
import type { Operation } from '../operation.ts';

const IMAGE = 'https://example.com/cat.png';
const metadata = { runtime: 'local', prefix: 'output', context: { orderId: 'A-17' } };

const TASKS = {
  'text-to-image': {
    task: {
      metadata: { ...metadata, id: 'test-t2i', tasktype: 'text-to-image' },
      content: { alwayson_scripts: {}, prompt: 'A dog', steps: 16, width: 512, height: 512 },
    },
  },
  'image-to-image': {
    task: {
      metadata: { ...metadata, id: 'test-i2i', tasktype: 'image-to-image' },
      content: { alwayson_scripts: {}, init_images: [IMAGE], prompt: 'cat wizard', steps: 16, width: 512, height: 512 },
    },
  },
  'extra-single-image': {
    task: {
      metadata: { ...metadata, id: 'test-upscale', tasktype: 'extra-single-image' },
      content: { image: IMAGE, upscaling_resize: 2 },
    },
  },
  pipeline: {
    task: {
      metadata: { ...metadata, id: 'test-pipeline', tasktype: 'pipeline' },
      content: {
        '1': { class_type: 'LoadImage', inputs: { image: IMAGE } },
        '2': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'ComfyUI' } },
      },
    },
  },
};

const OLD_TASKS = {
  'text-to-image': {
    alwayson_scripts: {
      task: 'text-to-image',
      sd_model_checkpoint: EXAMPLE_MODEL,
      id_task: 'test-old-t2i',
      save_dir: 'outputs',
    },
    prompt: 'A dog',
    steps: 16,
    width: 512,
    height: 512,
  },
};

const DESCRIPTION =
  'The request and the answer of the AWS guidance "Asynchronous Image Generation with Stable Diffusion on AWS", for its ' +
  'clients. The id stands for the job under `/v1/jobs/{id}` too: to get, cancel, retry and delete it. The same request ' +
  'again is the same job. Images are base64 or https URLs. The results are put at `output_location`, and the callback is ' +
  'published on the `legacy-results` topic. The body is read as JSON whatever its media type, up to 1 MiB; what is wrong ' +
  'with it is a 400, as in the guidance.';

const problems: readonly ProblemCode[] = [
  'malformed-request',
  'output-expired',
  'payload-too-large',
  'validation-failed',
  'queue-full',
  'idempotency-key-reused',
];

const responses = {
  200: {
    description: 'The job is accepted, or was before.',
    headers: ['Location', 'IdempotencyReplayed'],
    json: {
      schema: taskAcceptedSchema,
      examples: {
        accepted: {
          id: 'test-t2i',
          runtime: 'local',
          output_location: 's3://outputs/outputs/local/legacy/output/test-t2i',
        },
      },
    },
  },
} as const satisfies Operation['responses'];

const task = {
  tag: 'legacy',
  summary: 'Create a job in the form of the AWS guidance',
  description: DESCRIPTION,
  request: { schema: createTaskSchema, examples: TASKS },
  responses,
  problems,
} as const satisfies Omit<Operation, 'operationId'>;

export const createTask: Operation = { ...task, operationId: 'createTask' };

/** The path at which the guidance itself serves it. */
export const createTaskAtRoot: Operation = { ...task, operationId: 'createTaskAtRoot' };

export const createOldTask: Operation = {
  operationId: 'createOldTask',
  tag: 'legacy',
  summary: 'Create a job in the older form of the AWS guidance',
  description: `${DESCRIPTION} Here the checkpoint decides where the job runs.`,
  request: { schema: createOldTaskSchema, examples: OLD_TASKS },
  responses: {
    200: {
      ...responses[200],
      json: {
        schema: oldTaskAcceptedSchema,
        examples: {
          accepted: {
            id_task: 'test-old-t2i',
            sd_model_checkpoint: EXAMPLE_MODEL,
            output_location: 's3://outputs/outputs/local/legacy/outputs/test-old-t2i',
          },
        },
      },
    },
  },
  problems,
};
