import { UnexpectedReplyError } from './errors.ts';
import type { CallOptions } from './job-handle.ts';
import type { Open } from './job.ts';
import { isObject } from './problem.ts';
import { parseReply } from './read-reply.ts';
import type { Reply, Transport } from './transport.ts';

export type Scope = 'jobs:read' | 'jobs:write' | 'uploads:write' | 'webhooks:manage' | 'usage:read' | 'admin';

export interface ApiKey {
  readonly id: string;
  readonly object: 'api_key';
  readonly name: string;
  readonly scopes: readonly Open<Scope>[];
  readonly createdAt: string;
  /** From then on the key does not work; it lies ahead while a rotated key still does. */
  readonly revokedAt: string | null;
}

export interface NewApiKey extends ApiKey {
  /** What to authenticate with. It is shown this once. */
  readonly key: string;
}

export interface CreateKeyRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
}

export interface RotateKeyOptions extends CallOptions {
  /** How long the old key still works; a day unless given. */
  readonly overlapSeconds?: number | undefined;
}

export interface Keys {
  create(request: CreateKeyRequest, options?: CallOptions): Promise<NewApiKey>;
  list(options?: CallOptions): Promise<readonly ApiKey[]>;
  get(id: string, options?: CallOptions): Promise<ApiKey>;
  /** A new key with the name and scopes of this one. */
  rotate(id: string, options?: RotateKeyOptions): Promise<NewApiKey>;
  /** The key stops working within a minute. */
  revoke(id: string, options?: CallOptions): Promise<ApiKey>;
}

function isKey(value: unknown): value is ApiKey {
  return isObject(value) && value.object === 'api_key' && typeof value.id === 'string' && Array.isArray(value.scopes);
}

function isNewKey(value: unknown): value is NewApiKey {
  return isKey(value) && 'key' in value && typeof value.key === 'string';
}

function read<T>(reply: Reply, is: (value: unknown) => value is T): T {
  const value = parseReply(reply);
  if (is(value)) return value;
  throw new UnexpectedReplyError('the reply is not an API key');
}

/** @throws TypeError for what would be another path, such as the whole text of a key */
function pathOf(id: string): string {
  if (!/^[A-Za-z0-9]{8,32}$/.test(id)) {
    throw new TypeError('the id of a key must be the part between ai_ and the next underscore');
  }
  return `/v1/keys/${id}`;
}

export function makeKeys(transport: Transport): Keys {
  const post = (path: string, body: object, signal: AbortSignal | undefined) =>
    transport.send({
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });

  return {
    async create(request, { signal } = {}) {
      return read(await post('/v1/keys', request, signal), isNewKey);
    },
    async list({ signal } = {}) {
      const value = parseReply(await transport.send({ path: '/v1/keys', signal }));
      if (isObject(value) && Array.isArray(value.data) && value.data.every(isKey)) return value.data;
      throw new UnexpectedReplyError('the reply is not a list of API keys');
    },
    async get(id, { signal } = {}) {
      return read(await transport.send({ path: pathOf(id), signal }), isKey);
    },
    async rotate(id, { overlapSeconds, signal } = {}) {
      return read(await post(`${pathOf(id)}/rotate`, { overlapSeconds }, signal), isNewKey);
    },
    async revoke(id, { signal } = {}) {
      return read(await transport.send({ path: `${pathOf(id)}/revoke`, method: 'POST', signal }), isKey);
    },
  };
}
