import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { usePackagedService } from './packaged-service.ts';
import { read, workspaceRoot } from './workspace.ts';

const PACKAGE = join(workspaceRoot, 'dist/packages/gpu-worker');
/** An address where nobody listens. */
const NOBODY = 'http://127.0.0.1:1';
const QUEUE = `${NOBODY}/000000000000/queue`;

const ENVIRONMENT = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL: NOBODY,
  JOB_TABLE: 'jobs',
  OUTPUT_BUCKET: 'outputs',
  INPUT_BUCKET: 'inputs',
  JOB_REQUESTS_TOPIC_ARN: 'arn:aws:sns:eu-central-1:000000000000:requests',
  JOB_EVENTS_TOPIC_ARN: 'arn:aws:sns:eu-central-1:000000000000:events',
  API_URL: 'https://api.example.com',
  POOL: 'local',
  INTERACTIVE_QUEUE_URL: QUEUE,
  BATCH_QUEUE_URL: QUEUE,
  WORKER_ID: 'worker-1',
  ENGINE: 'sketch',
  HEALTH_HOST: '127.0.0.1',
  HEALTH_PORT: '0',
};

interface LockFile {
  readonly packages: Readonly<Record<string, { version?: string; integrity?: string; dependencies?: object }>>;
}

const lock: LockFile = JSON.parse(readFileSync(join(PACKAGE, 'package-lock.json'), 'utf8'));
const locked = Object.keys(lock.packages).filter((path) => path !== '');

const service = usePackagedService({
  directory: PACKAGE,
  rights: ['--allow-addons', '--allow-worker'],
  prepare(folder) {
    // What `npm ci` would install on this platform: the locked packages that are here.
    for (const path of locked.filter((each) => existsSync(join(workspaceRoot, each)))) {
      cpSync(join(workspaceRoot, path), join(folder, path), { recursive: true });
    }
  },
});

describe('the packaged worker', () => {
  it('is locked to what the workspace has, and to nothing else', () => {
    const whole: LockFile = JSON.parse(read('package-lock.json'));

    expect(lock.packages['']?.dependencies).toEqual({
      'onnxruntime-node': lock.packages['node_modules/onnxruntime-node']?.version,
      sharp: lock.packages['node_modules/sharp']?.version,
    });
    for (const path of locked) {
      const { version, integrity } = whole.packages[path] ?? {};
      expect(lock.packages[path]).toMatchObject({ version, integrity: integrity ?? 'is missing' });
    }
    expect(locked).toEqual(
      expect.arrayContaining([
        'node_modules/@img/sharp-linux-x64',
        'node_modules/@img/sharp-linux-arm64',
        'node_modules/@img/sharp-libvips-linux-x64',
        'node_modules/@img/sharp-libvips-linux-arm64',
      ]),
    );
    expect(locked.filter((path) => path.includes('afterimage') || path.includes('vitest'))).toEqual([]);
  });

  it('says what its environment lacks, and ends with 1', async () => {
    const { child, exited } = service.start({});
    const [stderr, code] = await Promise.all([text(child.stderr), exited]);

    expect(stderr).toMatch(/^ConfigError: .*JOB_TABLE is not set/);
    expect(code).toBe(1);
  });

  it('is alive with a full one, writes no file, and ends with 0 when it is told to', async () => {
    const { child, exited } = service.start(ENVIRONMENT);
    let port = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const { message, healthPort } = JSON.parse(line);
      if (message === 'worker starts') port = Number(healthPort);
      if (port !== 0) break;
    }
    child.stdout.resume();

    const live = await fetch(`http://127.0.0.1:${port}/live`, { signal: AbortSignal.timeout(10_000) });
    expect(live.status).toBe(200);
    child.kill('SIGTERM');

    expect(await exited).toBe(0);
  });
});
