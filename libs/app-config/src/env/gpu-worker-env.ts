import * as z from 'zod';
import { numberFrom } from '../load-config.ts';
import { engineSchema } from '../engine.ts';
import { name, topicArn, queueUrl, apiUrl, logging } from './fields/names.ts';
import { tracing } from './fields/tracing.ts';

export const gpuWorkerEnv = z
  .object({
    ...logging,
    ...tracing,
    JOB_TABLE: name,
    OUTPUT_BUCKET: name,
    JOB_REQUESTS_TOPIC_ARN: topicArn,
    JOB_EVENTS_TOPIC_ARN: topicArn,
    API_URL: apiUrl,
    /** Name of the worker's pool; a message for another one is not taken. */
    POOL: name,
    /** Queue of `interactive` jobs of the worker's pool; taken first. */
    INTERACTIVE_QUEUE_URL: queueUrl,
    /** Queue of `batch` jobs; taken at least one time in ten. */
    BATCH_QUEUE_URL: queueUrl,
    /** Name that leases carry; the pod's name on Kubernetes. */
    WORKER_ID: name,
    ENGINE: engineSchema,
    /** Base URL of the engine's own server: `sdwebui` and `comfyui` need it. */
    ENGINE_URL: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
    /** `user:password` of the engine's HTTP Basic authentication. */
    ENGINE_AUTH: z.string().includes(':').optional(),
    /** How long the engine may take to become ready, and to load a model. */
    ENGINE_START_SECONDS: numberFrom({ min: 1, max: 3600, default: 900 }),
    ENGINE_LOAD_SECONDS: numberFrom({ min: 1, max: 3600, default: 600 }),
    /** A job without any progress for this long is interrupted. */
    ENGINE_SILENCE_SECONDS: numberFrom({ min: 1, max: 3600, default: 120 }),
    /** Pause between two looks at the engine's progress. */
    ENGINE_POLL_INTERVAL_MS: numberFrom({ min: 10, max: 10_000, default: 1000 }),
    /** Least time between two previews of a running job, and before its first one; 0 = no previews. */
    PREVIEW_INTERVAL_MS: numberFrom({ min: 0, max: 60_000, default: 2000 }),
    /** Bucket of the tenants' uploads. */
    INPUT_BUCKET: name,
    /** `true` allows input images from loopback: for tests and the local stack. */
    ALLOW_LOOPBACK_INPUTS: z.stringbool().default(false),
    /** Address of the EC2 instance metadata service, watched for Spot notices; empty = not watched. */
    IMDS_URL: z.string().default(''),
    /** Time that one step of the sketch engine takes at least; for load tests. */
    SKETCH_MS_PER_STEP: numberFrom({ min: 0, max: 60_000, default: 0 }),
    /** Models of the onnx engine: a folder, or `s3://bucket/folder`. */
    ONNX_MODELS: name.optional(),
    /** Folder that models from S3 are kept in. */
    ONNX_CACHE: name.default('/var/cache/afterimage/models'),
    /** Threads of one run of a network; 0 = as many as the container's processors. */
    ONNX_THREADS: numberFrom({ min: 0, max: 256, default: 0 }),
    /** Memory of the networks that are kept loaded; 0 = three fifths of the container's. */
    ONNX_MEMORY_MB: numberFrom({ min: 0, max: 1_048_576, default: 0 }),
    /** Execution providers of ONNX Runtime in their order, separated by commas. */
    ONNX_PROVIDERS: z
      .string()
      .default('cpu')
      .transform((list) => list.split(','))
      .pipe(z.array(z.enum(['cpu', 'cuda', 'tensorrt', 'coreml', 'dml', 'webgpu']))),
    LEASE_SECONDS: numberFrom({ min: 2, max: 300, default: 30 }),
    HEARTBEAT_INTERVAL_MS: numberFrom({ min: 100, max: 60_000, default: 2000 }),
    VISIBILITY_SECONDS: numberFrom({ min: 2, max: 3600, default: 60 }),
    VISIBILITY_INTERVAL_MS: numberFrom({ min: 100, max: 600_000, default: 20_000 }),
    /** Time from SIGTERM until the running job is given back; the pod's grace period must be longer. */
    DRAIN_SECONDS: numberFrom({ min: 0, max: 3600, default: 90 }),
    RECEIVE_WAIT_SECONDS: numberFrom({ min: 0, max: 20, default: 20 }),
    /** Address and port of the health server. */
    HEALTH_HOST: z.string().default('0.0.0.0'),
    HEALTH_PORT: numberFrom({ min: 0, max: 65_535, default: 8081 }),
  })
  .refine((env) => env.ENGINE === 'sketch' || env.ENGINE === 'onnx' || env.ENGINE_URL !== undefined, {
    path: ['ENGINE_URL'],
    message: 'must be set for this engine',
  })
  .refine((env) => env.ENGINE !== 'onnx' || env.ONNX_MODELS !== undefined, {
    path: ['ONNX_MODELS'],
    message: 'must be set for this engine',
  })
  .refine((env) => env.HEARTBEAT_INTERVAL_MS * 3 <= env.LEASE_SECONDS * 1000, {
    path: ['HEARTBEAT_INTERVAL_MS'],
    message: 'must be at most a third of LEASE_SECONDS',
  })
  .refine((env) => env.VISIBILITY_INTERVAL_MS * 2 <= env.VISIBILITY_SECONDS * 1000, {
    path: ['VISIBILITY_INTERVAL_MS'],
    message: 'must be at most half of VISIBILITY_SECONDS',
  });
