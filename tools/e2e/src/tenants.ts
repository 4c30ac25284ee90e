import { randomBytes, randomInt } from 'node:crypto';
import { SCOPES } from '@afterimage/app-config';
import { createDynamoClient, DynamoKeyStore, DynamoTenantStore } from '@afterimage/job-aws';
import { makeManageKeys, makeManageTenants, newApiKeyParts } from '@afterimage/job-core';
import type { QuotaOverrides } from '@afterimage/job-schemas';
import type { LocalStack } from '@afterimage/local-stack';
import { Client } from './client.ts';

const CREDENTIALS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** A new tenant of the stack with a key that may do everything, as an operator makes it. */
export async function addTenant(stack: LocalStack, id: string, quotas: QuotaOverrides = {}): Promise<Client> {
  const dynamo = createDynamoClient({ endpoint: stack.awsEndpoints.dynamodb, ...CREDENTIALS });
  const { table } = stack.resources;
  const newWebhookSecret = () => `whsec_${randomBytes(24).toString('base64')}`;
  try {
    const tenants = makeManageTenants({ tenants: new DynamoTenantStore(dynamo, table), newWebhookSecret });
    await tenants.create(id, quotas);
    const keys = makeManageKeys({
      keys: new DynamoKeyStore(dynamo, table),
      now: () => new Date(),
      newKeyParts: () => newApiKeyParts((limit) => randomInt(limit)),
    });
    const { key } = await keys.create(id, { name: 'e2e', scopes: [...SCOPES] });
    return new Client({ apiUrl: stack.apiUrl, apiKey: key });
  } finally {
    dynamo.destroy();
  }
}
