import type { Construct } from 'constructs';
import type { webhookApiEnv } from '@afterimage/app-config';
import { AppFunction, type EnvironmentOf } from '../constructs/app-function.ts';
import { grantAccess } from '../constructs/grant.ts';
import { ACCESS } from './access.ts';
import { API_TIMEOUT_SECONDS, type ApiBackendProps } from './api-backend.ts';

/** Manages webhook endpoints and their deliveries. */
export function webhookApi(scope: Construct, { context, data, apiUrl, cursorSecret }: ApiBackendProps): AppFunction {
  const environment: EnvironmentOf<typeof webhookApiEnv> = {
    JOB_TABLE: data.jobTable.tableName,
    NOTIFICATIONS_QUEUE_URL: data.notifications.queue.queueUrl,
    API_URL: apiUrl,
    CURSOR_SECRET: cursorSecret,
    WEBHOOK_SECRET_KEYS: data.webhookSecretKeys,
  };
  const webhooks = new AppFunction(scope, 'WebhookApi', {
    context,
    name: 'webhook-api',
    description: 'Manages webhook endpoints and their deliveries',
    environment,
    timeoutSeconds: API_TIMEOUT_SECONDS,
    memoryMb: 512,
  });
  grantAccess(webhooks.role, data, ACCESS['webhook-api']);
  return webhooks;
}
