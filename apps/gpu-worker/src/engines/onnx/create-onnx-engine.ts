import { availableParallelism, totalmem } from 'node:os';
import type { gpuWorkerEnv } from '@afterimage/app-config';
import type { Log } from '@afterimage/telemetry';
import type { S3Client } from '@aws-sdk/client-s3';
import type * as z from 'zod';
import type { Time } from '../../time.ts';
import { readCgroupLimits, threadsFor } from './cgroup-limits.ts';
import { OnnxEngine } from './onnx-engine.ts';
import { DiskSpace } from './store/disk-space.ts';
import { DownloadedModelStore } from './store/downloaded-model-store.ts';
import { FolderModelStore } from './store/folder-model-store.ts';
import type { ModelStore } from './store/model-store.ts';
import { parseS3Url, S3ModelSource } from './store/model-source-s3.ts';

export type OnnxConfig = Pick<
  z.infer<typeof gpuWorkerEnv>,
  'ONNX_MODELS' | 'ONNX_CACHE' | 'ONNX_THREADS' | 'ONNX_MEMORY_MB' | 'ONNX_PROVIDERS' | 'ENGINE_LOAD_SECONDS'
>;

export interface OnnxEnginePorts {
  readonly processUrl: URL;
  readonly s3: S3Client;
  readonly time: Time;
  readonly log: Log;
}

const CGROUP = '/sys/fs/cgroup';
const MEGABYTE = 1024 * 1024;
/** Of the memory: networks, and the decoder's activations. The rest is the UNet's activations and the worker's. */
const MODELS_SHARE = 0.6;
const DECODE_SHARE = 0.15;
/** A step that is longer is not waited for when a job is canceled. */
const STOP_GRACE_MS = 1000;

function storeOf(config: OnnxConfig, { s3, time, log }: OnnxEnginePorts): ModelStore {
  const place = config.ONNX_MODELS ?? '';
  const location = parseS3Url(place);
  if (location === undefined) return new FolderModelStore(place, { log });
  return new DownloadedModelStore({
    source: new S3ModelSource(s3, location),
    cache: config.ONNX_CACHE,
    space: new DiskSpace(config.ONNX_CACHE),
    loadSeconds: config.ENGINE_LOAD_SECONDS,
    now: time.now,
    log,
  });
}

/** The engine as the environment says, within the limits of the container. */
export function createOnnxEngine(config: OnnxConfig, ports: OnnxEnginePorts): OnnxEngine {
  const { processUrl, time, log } = ports;
  const limits = readCgroupLimits(CGROUP);
  const memoryBytes = Math.min(limits.memoryBytes ?? Infinity, totalmem());
  return new OnnxEngine({
    processUrl,
    models: storeOf(config, ports),
    threads: config.ONNX_THREADS || threadsFor(limits, { cpus: availableParallelism() }),
    providers: config.ONNX_PROVIDERS,
    memoryBytes: config.ONNX_MEMORY_MB * MEGABYTE || Math.floor(memoryBytes * MODELS_SHARE),
    decodeBytes: Math.floor(memoryBytes * DECODE_SHARE),
    stopGraceMs: STOP_GRACE_MS,
    time,
    log,
  });
}
