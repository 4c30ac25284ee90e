import { findModel, type PoolModel, type ServedPools } from '@afterimage/app-config';
import { invalidFields } from '@afterimage/app-host/http';
import { ProblemError } from '@afterimage/job-core';
import { type CreateJob, type FieldError, shownUrl } from '@afterimage/job-schemas';
import { ForbiddenTargetError, parseTarget } from '@afterimage/safe-egress';

/** No pool serves the model; the problem names those that are served. */
export function modelNotAvailable(pools: ServedPools, model: string): ProblemError {
  const known = pools.pools.flatMap((pool) => pool.models.map(({ id }) => id));
  const error = {
    pointer: '#/model',
    code: 'unknown_model',
    detail: `must be one of ${known.join(', ')}`,
    limit: known,
  };
  return new ProblemError('model-not-available', { detail: `no pool serves the model "${model}"`, errors: [error] });
}

function aboveLimit(field: string, value: unknown, limit: number): FieldError[] {
  if (typeof value !== 'number' || value <= limit) return [];
  return [
    {
      pointer: `#/input/${field}`,
      code: 'too_big',
      detail: `must be at most ${limit} for this model, got ${value}`,
      limit,
    },
  ];
}

function modelErrors({ task, input }: CreateJob, { tasks, limits }: PoolModel): FieldError[] {
  const taskError = {
    pointer: '#/task',
    code: 'unsupported_task',
    detail: `must be one of ${tasks.join(', ')} for this model`,
    limit: tasks,
  };
  const size: Readonly<Record<string, unknown>> = input;
  return [
    ...(tasks.includes(task) ? [] : [taskError]),
    ...aboveLimit('width', size['width'], limits.maxWidth),
    ...aboveLimit('height', size['height'], limits.maxHeight),
    ...aboveLimit('steps', size['steps'], limits.maxSteps),
    ...aboveLimit('images', size['images'], limits.maxImages),
  ];
}

/** A picture has both sides of its own size or both of another. */
function sizeErrors(request: CreateJob): FieldError[] {
  if (request.task !== 'image-to-image') return [];
  const { width, height } = request.input;
  if ((width === undefined) === (height === undefined)) return [];
  const [missing, given] = width === undefined ? ['width', 'height'] : ['height', 'width'];
  return [{ pointer: `#/input/${missing}`, code: 'required', detail: `is required together with ${given}` }];
}

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

function webhookErrors(webhook: { readonly url: string } | null, allowLoopback: boolean): FieldError[] {
  if (webhook === null) return [];
  const { protocol, hostname, username, password } = new URL(webhook.url);
  const error = (code: string, rule: string, limit?: string): FieldError[] => {
    const detail = `${rule}, got ${shownUrl(webhook.url)}`;
    return [{ pointer: '#/webhook/url', code, detail, ...(limit === undefined ? {} : { limit }) }];
  };
  if (username !== '' || password !== '') return error('userinfo', 'must not contain a user name or password');
  if (protocol !== 'https:' && !(allowLoopback && LOOPBACK_HOSTS.has(hostname))) {
    return error('insecure_url', `must be https${allowLoopback ? ', or http to loopback' : ''}`, 'https');
  }
  try {
    parseTarget(webhook.url, { allowLoopback });
    return [];
  } catch (cause) {
    if (!(cause instanceof ForbiddenTargetError)) throw cause;
    return error('forbidden_url', `must be an https URL of a public host: ${cause.message}`);
  }
}

/**
 * Refuses a webhook that can never be called. What its host name resolves to is checked at each delivery.
 * @throws ProblemError `validation-failed`
 */
export function checkWebhook(
  webhook: { readonly url: string } | null,
  options: { readonly allowLoopbackWebhooks: boolean },
): void {
  const errors = webhookErrors(webhook, options.allowLoopbackWebhooks);
  if (errors.length > 0) throw invalidFields(errors);
}

/**
 * Checks what depends on the deployment: the model is served, does the task, and allows the size.
 * @returns the name of the pool that serves the model
 * @throws ProblemError `model-not-available` or `validation-failed`
 */
export function poolFor(
  request: CreateJob,
  pools: ServedPools,
  options: { readonly allowLoopbackWebhooks: boolean },
): string {
  const found = findModel(pools, request.model);
  if (found === undefined) throw modelNotAvailable(pools, request.model);
  const errors = [
    ...modelErrors(request, found.model),
    ...sizeErrors(request),
    ...webhookErrors(request.webhook, options.allowLoopbackWebhooks),
  ];
  if (errors.length > 0) throw invalidFields(errors);
  return found.pool.name;
}
