import { parseBody, type Route } from '@afterimage/app-host/lambda';
import type { ManageKeys } from '@afterimage/job-core';
import { createApiKeySchema, rotateApiKeySchema } from '@afterimage/job-schemas';

/** The routes under `/v1/keys`: a tenant's own keys. */
export function makeKeyRoutes(keys: ManageKeys) {
  const create: Route['handle'] = async (request) => {
    const body = parseBody(createApiKeySchema, request.json());
    return { status: 201, body: await keys.create(request.tenantId(), body) };
  };

  const list: Route['handle'] = async (request) => {
    return { status: 200, body: { data: await keys.list(request.tenantId()), nextCursor: null } };
  };

  const get: Route['handle'] = async (request) => {
    return { status: 200, body: await keys.get(request.tenantId(), request.param('id')) };
  };

  const rotate: Route['handle'] = async (request) => {
    const body = parseBody(rotateApiKeySchema, request.optionalJson() ?? {});
    return { status: 201, body: await keys.rotate(request.tenantId(), request.param('id'), body) };
  };

  const revoke: Route['handle'] = async (request) => {
    return { status: 200, body: await keys.revoke(request.tenantId(), request.param('id')) };
  };

  return { create, list, get, rotate, revoke };
}
