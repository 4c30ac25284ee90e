import {
  after,
  type Clock,
  presentEndpoint,
  ProblemError,
  type SecretBox,
  type TargetStore,
  type WebhookEndpointStore,
} from '@afterimage/job-core';
import {
  type CreateWebhookEndpoint,
  fingerprint,
  idempotentEndpointId,
  LIMITS,
  type WebhookEndpointRecord,
  type WebhookEndpointWithSecret,
} from '@afterimage/job-schemas';
import type { TargetRules } from '@afterimage/safe-egress';
import type { Log } from '@afterimage/telemetry';
import { checkUrl } from './check-url.ts';
import type { makeAddSecret } from './secrets.ts';

const MOST = LIMITS.webhookEndpoints.count;
/** How long a repeated request is shown the secret of the first one. */
const REPLAY_SECONDS = 86_400;

export interface CreateEndpointCommand {
  readonly tenantId: string;
  readonly path: string;
  /** The body as the client sent it, for its fingerprint. */
  readonly body: unknown;
  readonly request: CreateWebhookEndpoint;
  readonly idempotencyKey: string | undefined;
}

export interface CreatedEndpoint {
  readonly endpoint: WebhookEndpointWithSecret;
  /** The idempotency key had already been used for the same request. */
  readonly isReplay: boolean;
}

export interface CreateEndpointPorts {
  readonly endpoints: Pick<WebhookEndpointStore, 'create' | 'get' | 'list' | 'delete'>;
  readonly targets: Pick<TargetStore, 'health' | 'clear'>;
  readonly addSecret: ReturnType<typeof makeAddSecret>;
  readonly secretBox: Pick<SecretBox, 'open'>;
  readonly rules: TargetRules;
  readonly newEndpointId: () => string;
  readonly now: Clock;
  readonly log: Log;
}

function keyReused(id: string, why: string): ProblemError {
  return new ProblemError('idempotency-key-reused', {
    detail: `the idempotency key was used before, for ${id}, ${why}`,
  });
}

/** Creates webhook endpoints. The id is made of the idempotency key, so that one conditional put also consumes the key. */
export function makeCreateEndpoint(ports: CreateEndpointPorts) {
  const { endpoints, targets, addSecret, secretBox, rules, newEndpointId, now, log } = ports;

  async function hasMoreThan(tenantId: string, count: number): Promise<boolean> {
    return (await endpoints.list(tenantId)).length > count;
  }

  function limitReached(): ProblemError {
    const detail = `a tenant may have ${MOST} webhook endpoints, delete one first`;
    return new ProblemError('webhook-endpoint-limit-reached', { detail });
  }

  async function withSecret(endpoint: WebhookEndpointRecord, secret: string): Promise<WebhookEndpointWithSecret> {
    return { ...presentEndpoint(endpoint, await targets.health(endpoint.id), now()), secret };
  }

  /** Whoever repeats the request may not have had the answer to the first one, with the secret in it. */
  async function replayOf(endpoint: WebhookEndpointRecord, print: string): Promise<CreatedEndpoint> {
    const { id, tenantId, secrets, createdAt } = endpoint;
    if (endpoint.fingerprint !== print) throw keyReused(id, 'with another body');
    const [created, ...rotated] = secrets;
    const isShown = rotated.length === 0 && after(new Date(createdAt), REPLAY_SECONDS) > now().toISOString();
    if (created === undefined || !isShown) throw keyReused(id, 'whose secret is not shown any more: rotate it');
    // The first request may be about to take it back.
    if (await hasMoreThan(tenantId, MOST)) throw limitReached();
    return { endpoint: await withSecret(endpoint, secretBox.open(created.sealed, id)), isReplay: true };
  }

  function newEndpoint({ tenantId, request }: CreateEndpointCommand, id: string, print: string) {
    const { enabled, ...given } = request;
    const time = now();
    const createdAt = time.toISOString();
    const { secret, secrets } = addSecret(id, [], time);
    const endpoint: WebhookEndpointRecord = {
      id,
      tenantId,
      ...given,
      disabledReason: enabled ? null : 'manual',
      disabledAt: enabled ? null : createdAt,
      secrets,
      fingerprint: print,
      version: 1,
      createdAt,
      updatedAt: createdAt,
    };
    return { endpoint, secret };
  }

  return async function createEndpoint(command: CreateEndpointCommand): Promise<CreatedEndpoint> {
    const { tenantId, path, idempotencyKey } = command;
    const id = idempotencyKey === undefined ? newEndpointId() : idempotentEndpointId(tenantId, path, idempotencyKey);
    const print = fingerprint(command.body);
    const earlier = idempotencyKey === undefined ? undefined : await endpoints.get(tenantId, id);
    if (earlier !== undefined) return replayOf(earlier, print);
    checkUrl(command.request.url, rules);
    if (await hasMoreThan(tenantId, MOST - 1)) throw limitReached();
    const { endpoint, secret } = newEndpoint(command, id, print);
    if (!(await endpoints.create(endpoint))) {
      const first = await endpoints.get(tenantId, id);
      if (first !== undefined) return replayOf(first, print);
      throw new ProblemError('webhook-endpoint-changed', { detail: `${id} was deleted meanwhile, try again` });
    }
    // Of creates at the same time, the one that finds too many takes its own back.
    if (await hasMoreThan(tenantId, MOST)) {
      await endpoints.delete(tenantId, id);
      throw limitReached();
    }
    // What is known of one that had the same key before, and was deleted.
    if (idempotencyKey !== undefined) await targets.clear(id);
    log.info('webhook endpoint created', { endpointId: id, tenantId });
    return { endpoint: await withSecret(endpoint, secret), isReplay: false };
  };
}
