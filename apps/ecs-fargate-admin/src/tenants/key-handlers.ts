import { actSchema, createKeySchema, rotateKeySchema } from '@afterimage/admin-schemas';
import type { ManageKeys, ManageTenants } from '@afterimage/job-core';
import type { NewApiKey } from '@afterimage/job-schemas';
import type { AdminHandler } from '../api/admin-request.ts';

export interface KeyHandlersPorts {
  readonly manageKeys: ManageKeys;
  readonly manageTenants: Pick<ManageTenants, 'get'>;
}

/** What may be kept of a new key: its text is shown once, to whoever asked for it. */
function withoutText({ key: _key, ...view }: NewApiKey): Omit<NewApiKey, 'key'> {
  return view;
}

/** The API keys of a tenant. */
export function makeKeyHandlers({ manageKeys, manageTenants }: KeyHandlersPorts) {
  const list: AdminHandler = async (request) => {
    const { id } = await manageTenants.get(request.param('id'));
    return { body: { data: await manageKeys.list(id) } };
  };

  const create: AdminHandler = async (request) => {
    const { name, scopes } = request.body(createKeySchema);
    const { id } = await manageTenants.get(request.param('id'));
    const created = await manageKeys.create(id, { name, scopes });
    return { status: 201, body: created, after: withoutText(created) };
  };

  const rotate: AdminHandler = async (request) => {
    const { overlapSeconds } = request.body(rotateKeySchema);
    const [tenantId, keyId] = [request.param('id'), request.param('keyId')];
    const before = await manageKeys.get(tenantId, keyId);
    const created = await manageKeys.rotate(tenantId, keyId, { overlapSeconds });
    return { status: 201, body: created, before, after: withoutText(created) };
  };

  const revoke: AdminHandler = async (request) => {
    request.body(actSchema);
    const [tenantId, keyId] = [request.param('id'), request.param('keyId')];
    const before = await manageKeys.get(tenantId, keyId);
    const after = await manageKeys.revoke(tenantId, keyId);
    return { body: after, before, after };
  };

  return { list, create, rotate, revoke };
}
