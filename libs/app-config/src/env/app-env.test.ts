import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load-config.ts';
import { ecsFargateAdminEnv } from './ecs-fargate-admin-env.ts';
import { gpuWorkerEnv } from './gpu-worker-env.ts';
import { jobReconcilerEnv } from './job-reconciler-env.ts';
import { statusApiEnv } from './status-api-env.ts';
import { submitApiEnv } from './submit-api-env.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:topic';
const QUEUE = 'http://127.0.0.1:4566/000000000000/queue';

const everything = {
  JOB_TABLE: 'jobs',
  OUTPUT_BUCKET: 'outputs',
  INPUT_BUCKET: 'inputs',
  JOB_REQUESTS_TOPIC_ARN: TOPIC,
  JOB_EVENTS_TOPIC_ARN: TOPIC,
  NOTIFICATIONS_QUEUE_URL: QUEUE,
  DEAD_LETTER_QUEUE_URLS: QUEUE,
  INTERACTIVE_QUEUE_URL: QUEUE,
  BATCH_QUEUE_URL: QUEUE,
  API_URL: 'http://127.0.0.1:4000',
  POOLS_FILE: '/etc/pools.json',
  CURSOR_SECRET: 'c'.repeat(32),
  WORKER_ID: 'worker-1',
  POOL: 'local',
  ENGINE: 'sketch',
};

describe('gpuWorkerEnv', () => {
  const worker = (overrides: Record<string, string> = {}) => loadConfig(gpuWorkerEnv, { ...everything, ...overrides });

  it('keeps its relations by default', () => {
    const config = worker();

    expect(config.HEARTBEAT_INTERVAL_MS * 3).toBeLessThanOrEqual(config.LEASE_SECONDS * 1000);
    expect(config.VISIBILITY_INTERVAL_MS * 2).toBeLessThanOrEqual(config.VISIBILITY_SECONDS * 1000);
  });

  it('takes three heartbeats in a lease, and no fewer', () => {
    expect(worker({ LEASE_SECONDS: '6', HEARTBEAT_INTERVAL_MS: '2000' }).LEASE_SECONDS).toBe(6);
    expect(() => worker({ LEASE_SECONDS: '6', HEARTBEAT_INTERVAL_MS: '2001' })).toThrow(
      'HEARTBEAT_INTERVAL_MS is wrong: must be at most a third of LEASE_SECONDS',
    );
    expect(() => worker({ LEASE_SECONDS: '5' })).toThrow('HEARTBEAT_INTERVAL_MS is wrong');
  });

  it('extends the visibility twice before it ends, and no less often', () => {
    expect(worker({ VISIBILITY_SECONDS: '40' }).VISIBILITY_SECONDS).toBe(40);
    expect(() => worker({ VISIBILITY_SECONDS: '39' })).toThrow(
      'VISIBILITY_INTERVAL_MS is wrong: must be at most half of VISIBILITY_SECONDS',
    );
  });

  it('tells of both relations at once', () => {
    expect(() => worker({ LEASE_SECONDS: '2', VISIBILITY_SECONDS: '2' })).toThrow(
      /HEARTBEAT_INTERVAL_MS is wrong.*VISIBILITY_INTERVAL_MS is wrong/,
    );
  });

  it('takes a place of models for the onnx engine, and no URL', () => {
    expect(() => worker({ ENGINE: 'onnx' })).toThrow('ONNX_MODELS is wrong: must be set for this engine');
    expect(worker({ ENGINE: 'onnx', ONNX_MODELS: 's3://models/sd' })).toMatchObject({
      ONNX_MODELS: 's3://models/sd',
      ONNX_THREADS: 0,
      ONNX_PROVIDERS: ['cpu'],
    });
    expect(worker({ ONNX_PROVIDERS: 'cuda,cpu' }).ONNX_PROVIDERS).toEqual(['cuda', 'cpu']);
    expect(() => worker({ ONNX_PROVIDERS: 'abacus' })).toThrow('ONNX_PROVIDERS');
  });

  it('knows no other engine', () => {
    expect(() => worker({ ENGINE: 'warp' })).toThrow('ENGINE is wrong');
  });
});

describe('the other environments', () => {
  it('drop slashes at the end of the URL of the API', () => {
    expect(loadConfig(submitApiEnv, { ...everything, API_URL: 'https://api.example.com/v//' }).API_URL).toBe(
      'https://api.example.com/v',
    );
  });

  it('read dead-letter queues as a list, which may be empty', () => {
    const read = (list: string) =>
      loadConfig(jobReconcilerEnv, { ...everything, DEAD_LETTER_QUEUE_URLS: list }).DEAD_LETTER_QUEUE_URLS;

    expect(read(`${QUEUE}-1,${QUEUE}-2`)).toStrictEqual([`${QUEUE}-1`, `${QUEUE}-2`]);
    expect(read('')).toStrictEqual([]);
    expect(() => read(`${QUEUE},nope`)).toThrow('DEAD_LETTER_QUEUE_URLS is wrong: Invalid URL');
  });

  it('allow webhooks to loopback only when told so', () => {
    const read = (value?: string) =>
      loadConfig(submitApiEnv, { ...everything, ALLOW_LOOPBACK_WEBHOOKS: value }).ALLOW_LOOPBACK_WEBHOOKS;

    expect([read(), read('true'), read('false')]).toStrictEqual([false, true, false]);
    expect(() => read('perhaps')).toThrow('ALLOW_LOOPBACK_WEBHOOKS is wrong');
  });

  it('read prices by pool', () => {
    const console = {
      ...everything,
      JOB_QUEUE_URLS: QUEUE,
      PAGE_DIRECTORY: '/page',
      IMAGE_ORIGINS: '',
      STAGE: 'local',
      AUTHENTICATION: 'local',
      HOST: '127.0.0.1',
    };
    const read = (prices?: string) =>
      loadConfig(ecsFargateAdminEnv, { ...console, POOL_DOLLARS_PER_HOUR: prices }).POOL_DOLLARS_PER_HOUR;

    expect(read()).toStrictEqual(new Map());
    expect(read('sdxl=0.45,comfy-2=1')).toStrictEqual(
      new Map([
        ['sdxl', 0.45],
        ['comfy-2', 1],
      ]),
    );
    expect(() => read('sdxl')).toThrow('POOL_DOLLARS_PER_HOUR is wrong: must be <pool>=<US dollars>');
  });

  it('ask for a cursor secret of 32 characters, and do not show a shorter one', () => {
    const load = () => loadConfig(statusApiEnv, { ...everything, CURSOR_SECRET: 'too-short' });

    expect(load).toThrow('CURSOR_SECRET is wrong');
    expect(load).not.toThrow('too-short');
  });
});
