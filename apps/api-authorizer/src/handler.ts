import middy from '@middy/core';
import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import * as z from 'zod';
import { apiAuthorizerEnv, loadConfig } from '@afterimage/app-config';
import { createDynamoClient, DynamoKeyStore, DynamoTenantStore } from '@afterimage/job-aws';
import { createTelemetry } from '@afterimage/telemetry';
import { createLambdaTracing } from '@afterimage/telemetry/lambda';
import { makeAuthorize } from './authorize.ts';
import { allowStage } from './policy.ts';

const SERVICE = 'api-authorizer';
const config = loadConfig(apiAuthorizerEnv, process.env);
const { log, metrics } = createTelemetry({ service: SERVICE, logLevel: config.LOG_LEVEL });
const tracing = createLambdaTracing(SERVICE);
const dynamo = tracing.capture(createDynamoClient());
const authorize = makeAuthorize({
  keys: new DynamoKeyStore(dynamo, config.JOB_TABLE),
  tenants: new DynamoTenantStore(dynamo, config.JOB_TABLE),
  now: () => new Date(),
});

const requestSchema = z.object({
  methodArn: z.string(),
  headers: z.record(z.string(), z.string().optional()).nullish(),
});

/** API Gateway answers 401 to exactly this message, and 500 to any other error. */
const UNAUTHORIZED = 'Unauthorized';

export const handler = tracing.handler(
  middy<unknown, APIGatewayAuthorizerResult>()
    .use(tracing.middleware)
    .use({ after: () => metrics.flush(), onError: () => metrics.flush() })
    .handler(async (event) => {
      const { headers, methodArn } = requestSchema.parse(event);
      const principal = await authorize(headers ?? {});
      if (principal === undefined) {
        metrics.count('KeyRefused');
        throw Object.assign(new Error(UNAUTHORIZED), { statusCode: 401 });
      }
      log.debug('key accepted', { keyId: principal.keyId });
      return allowStage(principal, methodArn);
    }),
);
