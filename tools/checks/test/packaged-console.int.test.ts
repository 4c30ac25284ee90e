import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { usePackagedService } from './packaged-service.ts';
import { workspaceRoot } from './workspace.ts';

const PACKAGE = join(workspaceRoot, 'dist/packages/ecs-fargate-admin');
/** An address where nobody listens. */
const NOBODY = 'http://127.0.0.1:1';
const QUEUE = `${NOBODY}/000000000000/local-interactive`;
const POOLS = { pools: [{ name: 'local', engine: 'sketch', models: [{ id: 'sketch-1', tasks: ['text-to-image'] }] }] };

const service = usePackagedService({
  directory: PACKAGE,
  prepare: (folder) => writeFileSync(join(folder, 'pools.json'), JSON.stringify(POOLS)),
});

function environment(): Readonly<Record<string, string>> {
  return {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: NOBODY,
    JOB_TABLE: 'jobs',
    OUTPUT_BUCKET: 'outputs',
    INPUT_BUCKET: 'inputs',
    JOB_REQUESTS_TOPIC_ARN: 'arn:aws:sns:eu-central-1:000000000000:requests',
    JOB_EVENTS_TOPIC_ARN: 'arn:aws:sns:eu-central-1:000000000000:events',
    NOTIFICATIONS_QUEUE_URL: `${NOBODY}/000000000000/notifications`,
    JOB_QUEUE_URLS: QUEUE,
    DEAD_LETTER_QUEUE_URLS: `${QUEUE}-dlq`,
    API_URL: 'https://api.example.com',
    POOLS_FILE: join(service.folder, 'pools.json'),
    CURSOR_SECRET: 's'.repeat(32),
    PAGE_DIRECTORY: join(service.folder, 'page'),
    IMAGE_ORIGINS: 'https://outputs.example.com',
    STAGE: 'local',
    AUTHENTICATION: 'local',
    HOST: '127.0.0.1',
    PORT: '0',
  };
}

describe('the packaged console', () => {
  it('needs no package beside its bundle', () => {
    const { dependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
    expect(dependencies).toEqual({});
  });

  it('says what its environment lacks, and ends with 1', async () => {
    const { child, exited } = service.start({});
    const [stderr, code] = await Promise.all([text(child.stderr), exited]);

    expect(stderr).toMatch(/^ConfigError: .*JOB_TABLE is not set/);
    expect(code).toBe(1);
  });

  it('serves its page and its API with a full one, writes no file, and ends with 0 when it is told to', async () => {
    const { child, exited } = service.start(environment());
    let port = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const { message, port: given } = JSON.parse(line);
      if (message === 'console starts') port = Number(given);
      if (port !== 0) break;
    }
    child.stdout.resume();
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(10_000) });

    expect((await ask('/health')).status).toBe(200);
    expect(await (await ask('/jobs')).text()).toContain('<div id="root">');
    expect(await (await ask('/admin/v1/session')).json()).toMatchObject({ stage: 'local', operator: { id: 'local' } });
    child.kill('SIGTERM');

    expect(await exited).toBe(0);
  });
});
