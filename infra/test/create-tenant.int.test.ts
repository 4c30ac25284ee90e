import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import { createDynamoClient, DynamoKeyStore, DynamoTenantStore } from '@afterimage/job-aws';
import { createTableInput } from '@afterimage/job-aws/job-table';
import { parseApiKeyText, secretSha256 } from '@afterimage/job-core';
import { afterAll, describe, expect, it } from 'vitest';

const COMMAND = join(import.meta.dirname, '../src/commands/create-tenant.ts');

const aws = await startEmbeddedAws();
afterAll(() => aws.stop());
const table = await aws.createTable(createTableInput('afterimage-dev-jobs'));
const dynamo = createDynamoClient(aws.options.dynamodb);

function run(...args: string[]) {
  return promisify(execFile)(process.execPath, [COMMAND, ...args], { env: { ...process.env, ...aws.env } });
}

describe('create-tenant', () => {
  it('makes a tenant and a key that opens its doors, and prints the key alone', async () => {
    const { stdout } = await run('acme', '--stage=dev');
    const parts = parseApiKeyText(stdout.trim());
    if (parts === undefined) throw new Error(`not a key: ${stdout}`);

    expect(await new DynamoKeyStore(dynamo, table).get(parts.keyId)).toMatchObject({
      tenantId: 'acme',
      secretSha256: secretSha256(parts.secret),
      scopes: expect.arrayContaining(['jobs:write', 'admin']),
      revokedAt: null,
    });
    expect(await new DynamoTenantStore(dynamo, table).get('acme')).toMatchObject({
      webhookSecrets: [expect.stringMatching(/^whsec_/)],
    });
  });

  it('refuses a tenant that is there, and says so', async () => {
    await run('twice', '--stage=dev');

    await expect(run('twice', '--stage=dev')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('"twice" is taken'),
    });
  });

  it('asks for a tenant', async () => {
    await expect(run('--stage=dev')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('usage:') });
  });
});
