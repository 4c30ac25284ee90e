import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toProblem } from '@afterimage/job-schemas';
import { aJob, anOutput, type FakeApi, JOB_ID, startFakeApi } from '@afterimage/testing/fake-api';
import { aFolder, lines, NOW, run, type RunOptions } from './run.ts';

const KEY = 'ai_key_secret';
const problem = (code: 'unauthenticated' | 'insufficient-scope' | 'not-found' | 'output-expired') => {
  const body = toProblem(code, { detail: 'no' }, { instance: '/v1', requestId: 'r-1' });
  return { status: body.status, body };
};

async function anApi(): Promise<FakeApi> {
  const api = await startFakeApi();
  onTestFinished(() => api[Symbol.asyncDispose]());
  api.on('GET /v1/models', { status: 200, body: { data: [], nextCursor: null } });
  return api;
}

describe('login', () => {
  test('asks for the key, tries it, and stores it for its owner alone; then no variable is needed', async () => {
    const api = await anApi();
    const configFile = join(await aFolder(), 'afterimage', 'config.json');
    const options: RunOptions = {
      configFile,
      isTerminal: true,
      answers: { 'API key': KEY, 'Address of the API': api.url },
    };
    const result = await run(['login'], options);
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    expect(result.stderr).toBe(`the key for ${api.url} is stored as profile "default" in ${configFile}\n`);
    expect((await stat(configFile)).mode & 0o777).toBe(0o600);
    expect((await run(['models'], { configFile })).exitCode).toBe(0);
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill(`Bearer ${KEY}`));
  });

  test('reads the key from standard input, and keeps profiles apart', async () => {
    const api = await anApi();
    const configFile = join(await aFolder(), 'config.json');
    const args = ['login', '--api-url', api.url];
    expect((await run([...args, '--profile', 'a'], { configFile, stdin: `${KEY}\n` })).exitCode).toBe(0);
    const second = await run([...args, '--profile', 'b'], { configFile, stdin: 'ai_other' });
    expect(lines(second)).toEqual([{ event: 'login', profile: 'b', apiUrl: api.url, file: configFile }]);
    expect(JSON.parse(await readFile(configFile, 'utf8'))).toEqual({
      profiles: { a: { apiUrl: api.url, apiKey: KEY }, b: { apiUrl: api.url, apiKey: 'ai_other' } },
    });
  });

  test.each([
    ['a key that the API does not take', problem('unauthenticated'), 3],
    ['an address that is not an API', { status: 200, body: { hello: 'world' } }, 3],
  ])('stores nothing for %s', async (_what, reply, exitCode) => {
    const api = await anApi();
    api.on('GET /v1/models', reply);
    const configFile = join(await aFolder(), 'config.json');
    const result = await run(['login', '--api-url', api.url, '--api-key', KEY], { configFile });
    expect(result.exitCode).toBe(exitCode);
    expect(result.stdout + result.stderr).not.toContain(KEY);
    await expect(stat(configFile)).rejects.toThrow('ENOENT');
  });

  test('stores a key that may not see the models', async () => {
    const api = await anApi();
    api.on('GET /v1/models', problem('insufficient-scope'));
    const configFile = join(await aFolder(), 'config.json');
    expect((await run(['login', '--api-url', api.url, '--api-key', KEY], { configFile })).exitCode).toBe(0);
  });

  test('a user who leaves stores nothing', async () => {
    const configFile = join(await aFolder(), 'config.json');
    const result = await run(['login'], { configFile, answers: {} });
    expect(result).toMatchObject({ exitCode: 130, stdout: '' });
    await expect(stat(configFile)).rejects.toThrow('ENOENT');
  });

  test('a name that is none is refused', async () => {
    const result = await run(['login', '--profile', '../x', '--api-url', 'https://a.example', '--api-key', 'k']);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('"../x" is no name of a profile');
  });
});

describe('logout', () => {
  async function aConfig(profiles: Record<string, object>): Promise<string> {
    const file = join(await aFolder(), 'config.json');
    await writeFile(file, JSON.stringify({ profiles }), { mode: 0o600 });
    return file;
  }
  const access = { apiUrl: 'https://a.example', apiKey: KEY };

  test('forgets a profile and leaves the others', async () => {
    const configFile = await aConfig({ default: access, prod: access });

    const result = await run(['logout', '--profile', 'prod'], { configFile });

    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(lines(result)).toEqual([
      { event: 'logout', profile: 'prod', apiUrl: 'https://a.example', file: configFile },
    ]);
    expect(JSON.parse(await readFile(configFile, 'utf8'))).toEqual({ profiles: { default: access } });
    expect((await stat(configFile)).mode & 0o777).toBe(0o600);
  });

  test('forgets the default one, with it the file, and says that the key works on', async () => {
    const configFile = await aConfig({ default: access });

    const result = await run(['logout'], { configFile, isTerminal: true });

    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    expect(result.stderr).toBe(
      'profile "default" is forgotten; its key for https://a.example works until it is revoked\n',
    );
    await expect(stat(configFile)).rejects.toThrow('ENOENT');
  });

  test.each([
    [{ default: access }, 'stored profiles: default'],
    [{}, 'no profile is stored'],
  ])('names what is stored when there is no such profile: %#', async (profiles, said) => {
    const configFile = await aConfig(profiles);

    const result = await run(['logout', '--profile', 'prod'], { configFile });

    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('there is no profile "prod"');
    expect(result.stderr).toContain(said);
    expect(JSON.parse(await readFile(configFile, 'utf8'))).toEqual({ profiles });
  });
});

describe('doctor', () => {
  async function diagnose(api: FakeApi, options: RunOptions = {}) {
    const result = await run(['doctor'], { apiUrl: api.url, cwd: await aFolder(), ...options });
    const found = Object.fromEntries(lines(result).map((line) => [line.check, line]));
    return { ...result, found };
  }

  async function aHealthyApi(): Promise<FakeApi> {
    const api = await anApi();
    api.on('GET /v1/health', { status: 200, headers: { date: NOW.toUTCString() }, body: { status: 'ok' } });
    api.on(`POST /v1/jobs/job_${'0'.repeat(26)}/cancel`, problem('not-found'));
    api.on('GET /v1/webhook-endpoints', problem('insufficient-scope'));
    api.on('GET /v1/usage', problem('insufficient-scope'));
    api.on('GET /v1/keys', problem('insufficient-scope'));
    return api;
  }

  test('finds nothing wrong', async () => {
    const { exitCode, found, stderr } = await diagnose(await aHealthyApi());
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(found).toMatchObject({
      node: { status: 'ok', detail: '24.21.0', fix: null },
      profiles: { status: 'ok', detail: 'none are stored' },
      settings: { status: 'ok', detail: expect.stringContaining('with the key of AFTERIMAGE_API_KEY') },
      dns: { status: 'ok', detail: '127.0.0.1 is 127.0.0.1' },
      tls: { status: 'ok' },
      api: { status: 'ok' },
      clock: { status: 'ok', detail: '0 s ahead of the API' },
      key: { status: 'ok' },
      scopes: { status: 'ok', detail: 'it has jobs:read, jobs:write' },
      'local stack': { status: 'ok' },
    });
  });

  test('tells people what to do', async () => {
    const api = await aHealthyApi();
    api.on('GET /v1/health', {
      status: 200,
      headers: { date: new Date(NOW.getTime() + 600_000).toUTCString() },
      body: { status: 'ok' },
    });
    const result = await run(['doctor'], {
      apiUrl: api.url,
      cwd: await aFolder(),
      isTerminal: true,
      env: { NO_COLOR: '1' },
    });
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toContain(
      'fail  clock        600 s behind the API\n                   set the clock of this machine, best by NTP\n',
    );
  });

  test('a key that is not taken, and one that may do too little', async () => {
    const api = await aHealthyApi();
    api.on(`POST /v1/jobs/job_${'0'.repeat(26)}/cancel`, problem('insufficient-scope'));
    const weak = await diagnose(api);
    expect(weak.exitCode).toBe(0);
    expect(weak.found.scopes).toMatchObject({ status: 'warn', fix: 'to make images, use a key with jobs:write' });
    api.on('GET /v1/models', problem('unauthenticated'));
    const wrong = await diagnose(api);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.found.key).toMatchObject({ status: 'fail', fix: expect.stringContaining('afterimage login') });
    expect(wrong.found.scopes).toBeUndefined();
  });

  test('no settings, an API that is away, an old Node.js, a file that others read', async () => {
    const cwd = await aFolder();
    const configFile = join(cwd, 'config.json');
    await writeFile(configFile, '{"profiles":{}}');
    await chmod(configFile, 0o644);
    const result = await run(['doctor'], { cwd, configFile });
    expect(result.exitCode).toBe(1);
    expect(lines(result)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ check: 'settings', status: 'fail', detail: 'no API address' }),
        expect.objectContaining({ check: 'profiles', status: 'warn', fix: expect.stringContaining('chmod 600') }),
      ]),
    );
    const api = await aHealthyApi();
    api.on('GET /v1/health', 'drop');
    expect((await diagnose(api)).found.api).toMatchObject({ status: 'fail' });
  });

  test('a local stack that does not run', async () => {
    const cwd = await aFolder();
    const api = await aHealthyApi();
    const gone = await startFakeApi();
    await gone[Symbol.asyncDispose]();
    await mkdir(join(cwd, '.afterimage'));
    await writeFile(join(cwd, '.afterimage', 'local.json'), JSON.stringify({ apiUrl: gone.url, apiKey: KEY }));
    const { found } = await diagnose(api, { cwd });
    expect(found['local stack']).toMatchObject({ status: 'warn', fix: 'start it with "npm start"' });
    expect(found.port).toMatchObject({ status: 'ok' });
  });
});

describe('open', () => {
  const PICTURE = new TextEncoder().encode('not really a picture');

  async function anApiWithImage(): Promise<FakeApi> {
    const api = await anApi();
    const outputs = [anOutput(PICTURE, `${api.url}/content`)];
    api.on(`GET /v1/jobs/${JOB_ID}`, { status: 200, body: aJob({ status: 'succeeded', version: 4, outputs }) });
    api.on('GET /content', { status: 302, headers: { location: '/file?signature=s' } });
    api.on('GET /file?signature=s', { status: 200, body: PICTURE });
    return api;
  }

  test('shows the images from files', async () => {
    const api = await anApiWithImage();
    const opened: string[] = [];
    const result = await run(['open', JOB_ID], { apiUrl: api.url, opened });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(opened).toEqual([expect.stringMatching(new RegExp(`${JOB_ID}-0\\.png$`))]);
    expect(await readFile(opened[0] ?? '')).toEqual(Buffer.from(PICTURE));
    expect(lines(result)).toEqual([{ event: 'opened', target: opened[0] }]);
    await rm(dirname(opened[0] ?? ''), { recursive: true });
  });

  test('shows the page of the console', async () => {
    const api = await anApiWithImage();
    const opened: string[] = [];
    const env = { AFTERIMAGE_CONSOLE_URL: 'https://console.example/' };
    expect((await run(['open', JOB_ID, '--console'], { apiUrl: api.url, opened, env })).exitCode).toBe(0);
    expect(opened).toEqual([`https://console.example/jobs/${JOB_ID}`]);
    const unknown = await run(['open', JOB_ID, '--console'], { apiUrl: api.url, opened });
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('set AFTERIMAGE_CONSOLE_URL') });
  });

  test('says what there is not', async () => {
    const api = await anApiWithImage();
    const opened: string[] = [];
    const other = await run(['open', JOB_ID, '--index', '3'], { apiUrl: api.url, opened });
    expect(other).toMatchObject({ exitCode: 2, stderr: `error: ${JOB_ID} has no output 3; it has 1\n` });
    const desktop = await run(['open', JOB_ID], { apiUrl: api.url });
    expect(desktop).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('nothing here opens ') });
    api.on('GET /content', problem('output-expired'));
    const expired = await run(['open', JOB_ID], { apiUrl: api.url, opened });
    expect(expired).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('"afterimage jobs retry" makes the images again'),
    });
    api.on(`GET /v1/jobs/${JOB_ID}`, { status: 200, body: aJob({ status: 'running' }) });
    const running = await run(['open', JOB_ID], { apiUrl: api.url, opened });
    expect(running).toMatchObject({ exitCode: 1, stderr: `error: ${JOB_ID} is running: it has no images to open\n` });
    expect(opened).toEqual([]);
  });
});
