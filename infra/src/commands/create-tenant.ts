/**
 * `node src/commands/create-tenant.ts <tenant> [--stage <stage>]`: a tenant and its first API key, which may do everything a
 * tenant can. The key is printed once. With it, and in the operators' console, come all further ones.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { SCOPES } from '@afterimage/app-config';
import { createDynamoClient, DynamoKeyStore, DynamoTenantStore } from '@afterimage/job-aws';
import { makeManageKeys, makeManageTenants, newApiKeyParts, ProblemError } from '@afterimage/job-core';
import { resourceName } from '../stage-context.ts';
import { readStage } from '../stages.ts';
import { readArguments, UsageError } from './arguments.ts';

const WEBHOOK_SECRET_BYTES = 24;

async function createTenant(stage: string, tenantId: string): Promise<string> {
  const { config } = readStage(stage);
  const dynamo = createDynamoClient({ region: config.region });
  const table = resourceName(config, 'jobs');
  const newWebhookSecret = () => `whsec_${randomBytes(WEBHOOK_SECRET_BYTES).toString('base64')}`;
  const tenants = makeManageTenants({ tenants: new DynamoTenantStore(dynamo, table), newWebhookSecret });
  const keys = makeManageKeys({
    keys: new DynamoKeyStore(dynamo, table),
    now: () => new Date(),
    newKeyParts: () => newApiKeyParts((limit) => randomInt(limit)),
  });
  await tenants.create(tenantId);
  return (await keys.create(tenantId, { name: 'first', scopes: [...SCOPES] })).key;
}

try {
  const { stage, names } = readArguments(process.argv.slice(2), process.env);
  const [tenantId = ''] = names;
  if (names.length !== 1) throw new UsageError('usage: create-tenant <tenant> [--stage <stage>]');
  process.stdout.write(`${await createTenant(stage, tenantId)}\n`);
} catch (error) {
  const details = error instanceof ProblemError ? (error.details.errors ?? []).map(({ detail }) => detail) : [];
  process.stderr.write(`${[error instanceof Error ? error.message : String(error), ...details].join(': ')}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
