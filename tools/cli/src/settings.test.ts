import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { writeProfile } from './config-file.ts';
import { findSettings as find, type SettingsSources } from './settings.ts';

const LOCAL = {
  apiUrl: 'http://127.0.0.1:4000',
  apiKey: 'ai_local_key',
  awsEndpoints: { sqs: 'http://127.0.0.1:4566' },
};
let root = '';
let cwd = '';

const configFile = () => join(root, 'config', 'config.json');
const findSettings = (sources: Omit<SettingsSources, 'configFile'>) => find({ ...sources, configFile: configFile() });

async function writeLocal(content: string): Promise<void> {
  await mkdir(join(root, '.afterimage'));
  await writeFile(join(root, '.afterimage', 'local.json'), content);
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'afterimage-settings-'));
  cwd = join(root, 'deep', 'down');
  await mkdir(cwd, { recursive: true });
  return () => rm(root, { recursive: true });
});

test('finds the local stack from any folder below', async () => {
  await writeLocal(JSON.stringify(LOCAL));
  expect(await findSettings({ flags: {}, env: {}, cwd })).toMatchObject({ apiUrl: LOCAL.apiUrl, apiKey: LOCAL.apiKey });
});

test('the environment wins over the file, flags win over the environment', async () => {
  await writeLocal(JSON.stringify(LOCAL));
  const env = { AFTERIMAGE_API_URL: 'https://env.example/', AFTERIMAGE_API_KEY: 'env' };
  expect(await findSettings({ flags: {}, env, cwd })).toMatchObject({ apiUrl: 'https://env.example', apiKey: 'env' });
  const flags = { apiUrl: 'https://flag.example', apiKey: 'flag' };
  expect(await findSettings({ flags, env, cwd })).toMatchObject(flags);
  expect(await findSettings({ flags: { apiKey: 'flag' }, env, cwd })).toMatchObject({
    apiUrl: 'https://env.example',
    apiKey: 'flag',
  });
});

test('a key alone goes with the address of the file', async () => {
  await writeLocal(JSON.stringify(LOCAL));
  expect(await findSettings({ flags: { apiKey: 'other' }, env: {}, cwd })).toMatchObject({
    apiUrl: LOCAL.apiUrl,
    apiKey: 'other',
  });
});

test('the key of the file does not go to another address', async () => {
  await writeLocal(JSON.stringify(LOCAL));
  const elsewhere = findSettings({ flags: { apiUrl: 'https://elsewhere.example' }, env: {}, cwd });
  await expect(elsewhere).rejects.toThrow('no API key for https://elsewhere.example');
  expect(await findSettings({ flags: { apiUrl: `${LOCAL.apiUrl}/` }, env: {}, cwd })).toMatchObject({
    apiKey: LOCAL.apiKey,
  });
});

test('says what to do when there is nothing', async () => {
  const lonely = await mkdtemp(join(tmpdir(), 'afterimage-nothing-'));
  onTestFinished(() => rm(lonely, { recursive: true }));
  await expect(findSettings({ flags: {}, env: { AFTERIMAGE_API_URL: '' }, cwd: lonely })).rejects.toMatchObject({
    message: 'no API address',
    exitCode: 2,
  });
});

test.each([['{'], ['{"apiUrl":"http://127.0.0.1:4000"}'], ['{"apiUrl":"ftp://x","apiKey":"k"}']])(
  'names the file when it holds %s',
  async (content) => {
    await writeLocal(content);
    await expect(findSettings({ flags: {}, env: {}, cwd })).rejects.toThrow(join(root, '.afterimage', 'local.json'));
  },
);

test.each([
  [{ apiUrl: 'nowhere', apiKey: 'k' }, 'the API address is wrong'],
  [{ apiUrl: 'https://a.example/?x=1', apiKey: 'k' }, 'must have no query and no credentials'],
  [{ apiUrl: 'https://user:pass@a.example', apiKey: 'k' }, 'must have no query and no credentials'],
  [{ apiUrl: 'https://a.example', apiKey: 'two\nlines' }, 'the API key is wrong: must be visible ASCII'],
])('refuses %j without showing the key', async (flags, message) => {
  await expect(findSettings({ flags, env: {}, cwd })).rejects.toThrow(message);
});

describe('profiles', () => {
  const PROD = { apiUrl: 'https://prod.example', apiKey: 'ai_prod_key' };
  const MINE = { apiUrl: 'https://mine.example', apiKey: 'ai_my_key' };

  beforeEach(async () => {
    await writeProfile(configFile(), 'prod', PROD);
    await writeProfile(configFile(), 'default', MINE);
  });

  test('are for their owner alone, and keep each other', async () => {
    expect((await stat(configFile())).mode & 0o777).toBe(0o600);
    expect(await findSettings({ flags: { profile: 'prod' }, env: {}, cwd })).toMatchObject(PROD);
  });

  test('that are named win over variables and the local stack, and flags over them', async () => {
    await writeLocal(JSON.stringify(LOCAL));
    const env = { AFTERIMAGE_API_URL: 'https://env.example', AFTERIMAGE_API_KEY: 'env' };
    expect(await findSettings({ flags: { profile: 'prod' }, env, cwd })).toMatchObject(PROD);
    expect(await findSettings({ flags: {}, env: { ...env, AFTERIMAGE_PROFILE: 'prod' }, cwd })).toMatchObject(PROD);
    const flags = { profile: 'prod', apiKey: 'flag' };
    expect(await findSettings({ flags, env, cwd })).toMatchObject({ apiUrl: PROD.apiUrl, apiKey: 'flag' });
  });

  test('a key does not go to another address', async () => {
    const flags = { profile: 'prod', apiUrl: 'https://elsewhere.example' };
    const env = { AFTERIMAGE_API_KEY: 'env' };
    await expect(findSettings({ flags, env, cwd })).rejects.toThrow('no API key for https://elsewhere.example');
  });

  test('the default one is for where nothing else is', async () => {
    expect(await findSettings({ flags: {}, env: {}, cwd })).toMatchObject({ ...MINE, source: 'profile "default"' });
    await writeLocal(JSON.stringify(LOCAL));
    expect(await findSettings({ flags: {}, env: {}, cwd })).toMatchObject({ apiUrl: LOCAL.apiUrl });
  });

  test('that are not there are named, with those that are', async () => {
    await expect(findSettings({ flags: { profile: 'pord' }, env: {}, cwd })).rejects.toMatchObject({
      message: 'there is no profile "pord"',
      lines: ['stored profiles: prod, default', 'to store it: afterimage login --profile pord'],
    });
    await expect(findSettings({ flags: { profile: '__proto__' }, env: {}, cwd })).rejects.toThrow(
      'there is no profile',
    );
  });

  test('a file that is something else is named', async () => {
    await writeFile(configFile(), '[]');
    await expect(findSettings({ flags: {}, env: {}, cwd })).rejects.toThrow(`${configFile()} is not a settings file`);
  });
});
