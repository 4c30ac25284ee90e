import {
  apiKeyListSchema,
  apiKeySchema,
  type ApiKeyView,
  createApiKeySchema,
  newApiKeySchema,
  rotateApiKeySchema,
} from '@afterimage/job-schemas';
import { EXAMPLE_KEY_ID, EXAMPLE_TIME } from '../examples.ts';
import type { Operation } from '../operation.ts';

const KEY: ApiKeyView = {
  id: EXAMPLE_KEY_ID,
  object: 'api_key',
  name: 'build server',
  scopes: ['jobs:read', 'jobs:write'],
  createdAt: EXAMPLE_TIME,
  revokedAt: null,
};
const NEW_KEY = { ...KEY, key: `ai_${EXAMPLE_KEY_ID}_0000000000000000000000000000000000000000` };
const BODY = ['malformed-request', 'payload-too-large', 'unsupported-media-type', 'validation-failed'] as const;

export const createKey: Operation = {
  operationId: 'createKey',
  tag: 'Keys',
  summary: 'Create an API key',
  description: '`key` is what to authenticate with. It is shown this once: only a hash of it is kept.',
  request: {
    schema: createApiKeySchema,
    examples: {
      'for jobs': { name: KEY.name, scopes: KEY.scopes },
      'for keys': { name: 'operator', scopes: ['admin'] },
    },
  },
  responses: { 201: { description: 'The key.', json: { schema: newApiKeySchema, examples: { key: NEW_KEY } } } },
  problems: BODY,
};

export const listKeys: Operation = {
  operationId: 'listKeys',
  tag: 'Keys',
  summary: 'List API keys',
  description: 'Every key of the tenant, the newest first, revoked ones too.',
  responses: {
    200: {
      description: 'The keys.',
      json: { schema: apiKeyListSchema, examples: { 'one key': { data: [KEY], nextCursor: null } } },
    },
  },
  problems: [],
};

export const getKey: Operation = {
  operationId: 'getKey',
  tag: 'Keys',
  summary: 'Get an API key',
  description: 'Without its secret.',
  responses: { 200: { description: 'The key.', json: { schema: apiKeySchema, examples: { key: KEY } } } },
  problems: ['not-found'],
};

export const rotateKey: Operation = {
  operationId: 'rotateKey',
  tag: 'Keys',
  summary: 'Rotate an API key',
  description:
    'A new key with the same name and scopes. The old one goes on working for `overlapSeconds`, a day unless given, so that ' +
    'it can be replaced wherever it is used.',
  request: {
    schema: rotateApiKeySchema,
    isOptional: true,
    examples: { 'an hour': { overlapSeconds: 3600 } },
  },
  responses: { 201: { description: 'The new key.', json: { schema: newApiKeySchema, examples: { key: NEW_KEY } } } },
  problems: ['not-found', ...BODY],
};

export const revokeKey: Operation = {
  operationId: 'revokeKey',
  tag: 'Keys',
  summary: 'Revoke an API key',
  description: 'The key stops working within a minute. Revoking it again changes nothing.',
  responses: {
    200: {
      description: 'The key.',
      json: { schema: apiKeySchema, examples: { revoked: { ...KEY, revokedAt: EXAMPLE_TIME } } },
    },
  },
  problems: ['not-found'],
};
