import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import { inspect } from 'node:util';
import { ConfigError, gpuWorkerEnv, loadConfig } from '@afterimage/app-config';
import { startHealthServer } from '@afterimage/app-host/service';
import {
  BatchingMessageQueue,
  createDynamoClient,
  createS3Client,
  createSnsClient,
  createSqsClient,
  DynamoJobPlaces,
  DynamoJobStore,
  DynamoQueueSwitch,
  DynamoTenantStore,
  DynamoWorkerRegistry,
  S3OutputStore,
  S3UploadStore,
  SnsEventPublisher,
  SnsJobPublisher,
} from '@afterimage/job-aws';
import { makeAnnounce, makeEnqueue, makeTakePlaces, makeTenantQuotas } from '@afterimage/job-core';
import { toTaskInput } from '@afterimage/job-schemas';
import { safeFetch } from '@afterimage/safe-egress';
import { createTelemetry } from '@afterimage/telemetry';
import { createServiceMetrics } from '@afterimage/telemetry/service-metrics';
import { createServiceTracing } from '@afterimage/telemetry/service';
import sharp from 'sharp';
import manifest from '../package.json' with { type: 'json' };
import type { Engine } from './engines/engine.ts';
import { ComfyUiEngine } from './engines/comfyui/comfyui-engine.ts';
import { createOnnxEngine } from './engines/onnx/create-onnx-engine.ts';
import { SdWebuiEngine } from './engines/sdwebui/sdwebui-engine.ts';
import { SketchEngine } from './engines/sketch/sketch-engine.ts';
import { makeFetchInputs } from './inputs/fetch-inputs.ts';
import { isWanted } from './interruptions.ts';
import { embedParameters } from './outputs/embed-parameters.ts';
import { encodeImage } from './outputs/encode-image.ts';
import { METRIC } from './metrics.ts';
import { encodePreview } from './previews/encode-preview.ts';
import { LivePreviews } from './previews/live-previews.ts';
import { makeProcessJob } from './process-job.ts';
import { PrometheusMetrics } from './prometheus.ts';
import { makeConsumeLoop } from './queue/consume-loop.ts';
import { MessageSource } from './queue/message-source.ts';
import { makeWatchSwitch } from './queue/watch-switch.ts';
import { makeReportWorker } from './report-worker.ts';
import { makeSampleBusy } from './sample-busy.ts';
import { ImdsClient } from './spot/imds-client.ts';
import { makeWatchSpot } from './spot/watch-spot.ts';
import { RunningPlaces } from './running-places.ts';
import { systemTime } from './system-time.ts';
import { makeTell } from './tell.ts';
import { makeWaitForEngine } from './wait-for-engine.ts';
import { makeWorker } from './worker.ts';
import { WorkerStatus } from './worker-status.ts';

// One image at a time is encoded, beside an engine that needs the cores itself.
sharp.concurrency(1);
sharp.cache(false);

/** A round of polling is two waits at most; beyond that and the longest back-off the loop must have come round. */
const POLL_MARGIN_MS = 120_000;
/** Connecting to an engine beside the worker and writing a request takes less. */
const HAND_OVER_MS = 5;
/** A delete that waits costs nothing but a message that stays invisible; renewals of different leases seldom meet. */
const SETTLING = { deleteLingerMs: 250, visibilityLingerMs: 5 };
/** For one input image by URL, redirects and all. */
const INPUT_URL_MS = 30_000;
/** Time that the last calls to the queues and the engine have to end; the process ends without them otherwise. */
const CLOSE_MS = 2000;

type GpuWorkerConfig = ReturnType<typeof loadConfig<typeof gpuWorkerEnv>>;

// The thread and the process are files of their own, in the bundle as in the sources.
const sketchThread = `./engines/sketch/sketch-thread${extname(import.meta.url)}`;
const onnxProcess = `./engines/onnx/onnx-process${extname(import.meta.url)}`;

/** What an engine with a server of its own is told of it. */
function engineServer(config: GpuWorkerConfig) {
  const { ENGINE_URL: url, ENGINE_AUTH: auth } = config;
  if (url === undefined) throw new ConfigError('ENGINE_URL must be set for this engine');
  return {
    url,
    auth,
    startSeconds: config.ENGINE_START_SECONDS,
    loadSeconds: config.ENGINE_LOAD_SECONDS,
    silenceSeconds: config.ENGINE_SILENCE_SECONDS,
    pollIntervalMs: config.ENGINE_POLL_INTERVAL_MS,
  };
}

async function main(): Promise<0 | 1> {
  const config = loadConfig(gpuWorkerEnv, process.env);
  const service = 'gpu-worker';
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const { log } = createTelemetry({ service, logLevel: config.LOG_LEVEL });
  const sink = await createServiceMetrics({
    service,
    pool: config.POOL,
    exporter: config.OTEL_METRICS_EXPORTER,
    endpoint,
  });
  const metrics = new PrometheusMetrics(sink);
  const time = systemTime;
  const random = Math.random;

  const sqs = createSqsClient();
  const tracing = await createServiceTracing({
    service,
    endpoint,
    sampleRatio: config.OTEL_TRACES_SAMPLER_ARG,
    isInterruption: isWanted,
  });
  const sns = createSnsClient({}, tracing.traceHeader);
  const s3 = createS3Client();
  const dynamo = createDynamoClient();
  const jobs = new DynamoJobStore(dynamo, config.JOB_TABLE);
  const places = new DynamoJobPlaces(dynamo, config.JOB_TABLE, random);
  const tenants = new DynamoTenantStore(dynamo, config.JOB_TABLE);
  const quotasOfTenant = makeTenantQuotas({ tenants, now: time.now });
  const runningPlaces = new RunningPlaces({
    takePlaces: makeTakePlaces({ places, now: time.now }),
    places,
    limitOfTenant: async (tenantId) => (await quotasOfTenant(tenantId)).runningJobs,
    time,
    log,
  });
  const announce = makeAnnounce({
    jobs,
    events: new SnsEventPublisher(sns, config.JOB_EVENTS_TOPIC_ARN),
    apiUrl: config.API_URL,
    now: time.now,
  });
  const enqueue = makeEnqueue({ jobs, publisher: new SnsJobPublisher(sns, config.JOB_REQUESTS_TOPIC_ARN) });
  const engines: Record<typeof config.ENGINE, () => Engine> = {
    sketch: () =>
      new SketchEngine({ threadUrl: new URL(sketchThread, import.meta.url), msPerStep: config.SKETCH_MS_PER_STEP }),
    comfyui: () => new ComfyUiEngine({ ...engineServer(config), time, newId: randomUUID, log }),
    sdwebui: () => new SdWebuiEngine({ ...engineServer(config), time, log }),
    onnx: () => createOnnxEngine(config, { processUrl: new URL(onnxProcess, import.meta.url), s3, time, log }),
  };
  const engine = engines[config.ENGINE]();
  const engineLost = new AbortController();
  function onEngineLost(error: unknown): void {
    if (engineLost.signal.aborted) return;
    metrics.count(METRIC.enginesLost);
    metrics.flush();
    engineLost.abort(error);
  }

  const status = new WorkerStatus(time, config.RECEIVE_WAIT_SECONDS * 2000 + POLL_MARGIN_MS);
  const batching = { ...SETTLING, wait: time.wait };
  const queues = {
    interactive: new BatchingMessageQueue(sqs, config.INTERACTIVE_QUEUE_URL, batching),
    batch: new BatchingMessageQueue(sqs, config.BATCH_QUEUE_URL, batching),
  };
  const watchSwitch = makeWatchSwitch({
    queueSwitch: new DynamoQueueSwitch(dynamo, config.JOB_TABLE),
    pool: config.POOL,
    time,
    log,
  });
  const source = new MessageSource({
    queues,
    isPaused: watchSwitch.isPaused,
    waitSeconds: config.RECEIVE_WAIT_SECONDS,
    visibilitySeconds: config.VISIBILITY_SECONDS,
    log,
    metrics,
  });
  const outputs = new S3OutputStore(s3, config.OUTPUT_BUCKET);
  const fetchInputs = makeFetchInputs({
    uploads: new S3UploadStore(s3, config.INPUT_BUCKET),
    jobs,
    outputs,
    fetchUrl: (url, options) =>
      safeFetch(url, { ...options, timeoutMs: INPUT_URL_MS, allowLoopback: config.ALLOW_LOOPBACK_INPUTS }),
    now: time.now,
  });
  const { PREVIEW_INTERVAL_MS: intervalMs } = config;
  const previews = new LivePreviews({ outputs, encode: encodePreview, time, log, metrics, intervalMs });
  const processJob = makeProcessJob({
    jobs,
    outputs,
    previews,
    engine,
    encode: (image, { task, input, model, output }) => {
      const { seed, width, height } = image;
      return encodeImage(
        image,
        output,
        embedParameters({ request: toTaskInput(task, input), model, seed, width, height, version: manifest.version }),
      );
    },
    // What follows from the event belongs under it.
    tell: makeTell({
      announce: (job) =>
        tracing.span('announce', () => announce({ ...job, traceparent: tracing.current() ?? job.traceparent })),
      log,
      metrics,
    }),
    enqueue,
    time,
    random,
    log,
    metrics,
    workerId: config.WORKER_ID,
    newToken: randomUUID,
    lease: {
      leaseSeconds: config.LEASE_SECONDS,
      heartbeatIntervalMs: config.HEARTBEAT_INTERVAL_MS,
      visibilitySeconds: config.VISIBILITY_SECONDS,
      visibilityIntervalMs: config.VISIBILITY_INTERVAL_MS,
    },
    runningPlaces,
    fetchInputs: ({ task, input, tenantId }, signal) =>
      fetchInputs({ request: toTaskInput(task, input), tenantId }, signal),
    handOver: () => time.wait(HAND_OVER_MS),
    onActivity: (activity) => status.begin(activity),
    onEngineLost,
    tracing,
  });
  const drainRequested = new AbortController();
  const reportWorker = makeReportWorker({
    registry: new DynamoWorkerRegistry(dynamo, config.JOB_TABLE),
    status,
    onDrain: () => drainRequested.abort(),
    time,
    log,
    workerId: config.WORKER_ID,
    pool: config.POOL,
    engine: config.ENGINE,
  });
  const consume = makeConsumeLoop({ pool: config.POOL, source, processJob, status, time, random, log, metrics });
  const waitForEngine = makeWaitForEngine({
    engine,
    time,
    random,
    startSeconds: config.ENGINE_START_SECONDS,
    onEngineLost,
    log,
  });
  const run = makeWorker({
    consume,
    source,
    // A worker that has just started takes nothing from a queue that is paused either.
    waitForEngine: async (signal) => void (await Promise.all([waitForEngine(signal), watchSwitch.look()])),
    watchSpot:
      config.IMDS_URL === ''
        ? () => Promise.resolve()
        : makeWatchSpot({ imds: new ImdsClient({ url: config.IMDS_URL, fetch }), time, log, metrics }),
    engineLost: engineLost.signal,
    drainRequested: drainRequested.signal,
    status,
    time,
    drainSeconds: config.DRAIN_SECONDS,
    log,
  });

  const health = await startHealthServer(
    { host: config.HEALTH_HOST, port: config.HEALTH_PORT },
    {
      '/live': () => status.live(),
      '/ready': () => status.ready(),
      '/startup': () => status.started(),
      '/engine': () => status.engine(),
      '/metrics': () => metrics.report(status.gauges()),
      '/status': () => status.report(),
    },
  );
  log.info('worker starts', { pool: config.POOL, workerId: config.WORKER_ID, healthPort: health.port });
  const over = new AbortController();
  const watching = watchSwitch.watch(over.signal);
  const reporting = reportWorker(over.signal);
  const sampling = makeSampleBusy({ status, metrics, time })(over.signal);
  const code = await run(process);
  over.abort();
  await Promise.race([
    Promise.all([reporting, watching, sampling, runningPlaces.close(), previews.close()]),
    time.wait(CLOSE_MS),
  ]);
  await Promise.race([Promise.all([queues.interactive.close(), queues.batch.close()]), time.wait(CLOSE_MS)]);
  await Promise.all([health.close(), tracing.close(), sink.close()]);
  await Promise.race([engine.close(), time.wait(CLOSE_MS)]);
  return code;
}

try {
  // Exits by itself: an engine that does not stop must not keep the process.
  process.exit(await main());
} catch (error) {
  process.stderr.write(error instanceof ConfigError ? `${error.name}: ${error.message}\n` : `${inspect(error)}\n`);
  process.exit(1);
}
