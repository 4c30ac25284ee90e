import { randomBytes } from 'node:crypto';
import { makeRedeliver, makeSecretBox, ProblemError } from '@afterimage/job-core';
import { encodeId, type Problem } from '@afterimage/job-schemas';
import {
  FakeClock,
  InMemoryDeliveryStore,
  InMemoryTargetStore,
  InMemoryWebhookEndpointStore,
  RecordingDeliveryQueue,
  recordingTelemetry,
} from '@afterimage/testing';
import type { ApiRequest, ApiResponse, Route } from '@afterimage/app-host/lambda';
import { makeCreateEndpoint } from '../src/create-endpoint.ts';
import { makeManageDeliveries } from '../src/manage-deliveries.ts';
import { makeFindEndpoint, makeManageEndpoints } from '../src/manage-endpoints.ts';
import { makeAddSecret } from '../src/secrets.ts';
import { makeTestEndpoint } from '../src/test-endpoint.ts';
import { makeWebhookRoutes } from '../src/webhook-routes.ts';

export const TENANT = 'tenant-1';

interface Call {
  readonly tenantId?: string;
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

function aRequest({ tenantId = TENANT, id = '', query = {}, body, idempotencyKey }: Call): ApiRequest {
  return {
    path: `/v1/webhook-endpoints/${id}/deliveries`,
    traceparent: null,
    requestId: 'request-1',
    principal: { tenantId, keyId: 'key', scopes: ['webhooks:manage'] },
    tenantId: () => tenantId,
    header: (name) => (name === 'idempotency-key' ? idempotencyKey : undefined),
    param: () => id,
    query: () => query,
    json: () => body,
    optionalJson: () => body,
  };
}

/** The routes on in-memory ports, with a clock that only the test moves. */
export function aWebhookApi({ allowLoopback = false } = {}) {
  const clock = new FakeClock();
  const telemetry = recordingTelemetry();
  const endpoints = new InMemoryWebhookEndpointStore();
  const targets = new InMemoryTargetStore();
  const deliveries = new InMemoryDeliveryStore();
  const queue = new RecordingDeliveryQueue();
  const secretBox = makeSecretBox([randomBytes(32)], randomBytes);
  const findEndpoint = makeFindEndpoint(endpoints);
  const { now } = clock;
  const pauses: { beforeNext: () => Promise<void> } = { beforeNext: async () => undefined };
  const endpointPorts = {
    endpoints,
    targets,
    addSecret: makeAddSecret({ secretBox, randomBytes }),
    rules: { allowLoopback },
    now,
    log: telemetry.log,
  };
  const routes = makeWebhookRoutes({
    createEndpoint: makeCreateEndpoint({
      ...endpointPorts,
      secretBox,
      newEndpointId: () => encodeId('whe', randomBytes(16)),
    }),
    endpoints: makeManageEndpoints(endpointPorts),
    deliveries: makeManageDeliveries({
      deliveries,
      findEndpoint,
      redeliver: makeRedeliver({ deliveries, queue, now }),
      cursorSecret: 'a secret of at least thirty-two characters',
    }),
    testEndpoint: makeTestEndpoint({
      deliveries,
      queue,
      findEndpoint,
      randomBytes,
      async sleep(milliseconds) {
        clock.advance(milliseconds);
        await pauses.beforeNext();
      },
      monotonicMs: () => now().getTime(),
      pollIntervalMs: 250,
      now,
    }),
    apiUrl: 'https://api.example.com',
  });
  const call = (route: Route['handle'], given: Call = {}): Promise<ApiResponse> =>
    route(aRequest(given), { getRemainingTimeInMillis: () => 29_000 });
  return { clock, telemetry, endpoints, targets, deliveries, queue, secretBox, routes, call, pauses };
}

/** The problem that a call ends with. @throws Error when it does not end with one */
export async function problemOf(call: Promise<unknown>): Promise<Pick<Problem, 'code' | 'detail' | 'errors'>> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw error;
  const { detail, errors } = error.details;
  return { code: error.code, detail, ...(errors === undefined ? {} : { errors: [...errors] }) };
}
