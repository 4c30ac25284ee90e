import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import { inspect } from 'node:util';
import { ConfigError, gpuWorkerEnv, loadConfig } from '@afterimage/app-config';
import { startHealthServer } from '@afterimage/app-host/service';
import {
  createDynamoClient,
  createS3Client,
  createSnsClient,
  createSqsClient,
  DynamoJobStore,
  S3OutputStore,
  SnsEventPublisher,
  SnsJobPublisher,
  SqsMessageQueue,
} from '@afterimage/job-aws';
import { makeAnnounce, makeEnqueue } from '@afterimage/job-core';
import { toTaskInput } from '@afterimage/job-schemas';
import { createTelemetry } from '@afterimage/telemetry';
import sharp from 'sharp';
import manifest from '../package.json' with { type: 'json' };
import type { Engine } from './engines/engine.ts';
import { SketchEngine } from './engines/sketch/sketch-engine.ts';
import { embedParameters } from './outputs/embed-parameters.ts';
import { encodeImage } from './outputs/encode-image.ts';
import { makeProcessJob } from './process-job.ts';
import { makeConsumeLoop } from './queue/consume-loop.ts';
import { MessageSource } from './queue/message-source.ts';
import { systemTime } from './system-time.ts';
import { makeTell } from './tell.ts';
import { makeWorker } from './worker.ts';
import { WorkerStatus } from './worker-status.ts';

// One image at a time is encoded, beside an engine that needs the cores itself.
sharp.concurrency(1);
sharp.cache(false);

/** A round of polling is two waits at most; beyond that and the longest back-off the loop must have come round. */
const POLL_MARGIN_MS = 120_000;
/** Time that the engine has to close; it ends with the process anyway. */
const CLOSE_MS = 2000;

// The thread is a file of its own, in the bundle as in the sources.
const sketchThread = `./engines/sketch/sketch-thread${extname(import.meta.url)}`;

async function main(): Promise<0 | 1> {
  const config = loadConfig(gpuWorkerEnv, process.env);
  const { log, metrics } = createTelemetry({ service: 'gpu-worker', logLevel: config.LOG_LEVEL });
  const time = systemTime;
  const random = Math.random;

  const sqs = createSqsClient();
  const sns = createSnsClient();
  const jobs = new DynamoJobStore(createDynamoClient(), config.JOB_TABLE);
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
  };
  const engine = engines[config.ENGINE]();
  const engineLost = new AbortController();

  const status = new WorkerStatus(time, config.RECEIVE_WAIT_SECONDS * 2000 + POLL_MARGIN_MS);
  const source = new MessageSource({
    queues: {
      interactive: new SqsMessageQueue(sqs, config.INTERACTIVE_QUEUE_URL),
      batch: new SqsMessageQueue(sqs, config.BATCH_QUEUE_URL),
    },
    waitSeconds: config.RECEIVE_WAIT_SECONDS,
    visibilitySeconds: config.VISIBILITY_SECONDS,
    log,
    metrics,
  });
  const processJob = makeProcessJob({
    jobs,
    outputs: new S3OutputStore(createS3Client(), config.OUTPUT_BUCKET),
    engine,
    encode: (image, { task, input, model, output }) => {
      const { seed, width, height } = image;
      return encodeImage(
        image,
        output,
        embedParameters({ request: toTaskInput(task, input), model, seed, width, height, version: manifest.version }),
      );
    },
    tell: makeTell({ announce, log, metrics }),
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
    onActivity: (activity) => status.setActivity(activity),
    onEngineLost: (error) => engineLost.abort(error),
  });
  const consume = makeConsumeLoop({ pool: config.POOL, source, processJob, status, time, random, log, metrics });
  const run = makeWorker({
    consume,
    source,
    engine,
    engineLost: engineLost.signal,
    status,
    time,
    random,
    drainSeconds: config.DRAIN_SECONDS,
    log,
  });

  const health = await startHealthServer(
    { host: config.HEALTH_HOST, port: config.HEALTH_PORT },
    { '/live': () => status.live(), '/ready': () => status.ready(), '/status': () => status.report() },
  );
  log.info('worker starts', { pool: config.POOL, workerId: config.WORKER_ID, healthPort: health.port });
  const code = await run(process);
  await health.close();
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
