import { healthSchema } from '../health-schema.ts';
import type { Operation, Success } from '../operation.ts';

const unchanged: Success = { description: 'The client has it already.', headers: ['FileETag'] };

export const getHealth: Operation = {
  operationId: 'getHealth',
  tag: 'Service',
  summary: 'Ask whether the API answers',
  description: 'Needs no key.',
  responses: {
    200: { description: 'It does.', json: { schema: healthSchema, examples: { ok: { status: 'ok' } } } },
  },
  problems: [],
};

export const getOpenapi: Operation = {
  operationId: 'getOpenapi',
  tag: 'Service',
  summary: 'Get this description',
  description: 'Needs no key.',
  parameters: ['IfNoneMatchFile'],
  responses: {
    200: {
      description: 'An OpenAPI 3.1 document.',
      headers: ['FileETag'],
      content: { type: 'application/json', schema: { type: 'object' } },
    },
    304: unchanged,
  },
  problems: [],
};

export const getDocs: Operation = {
  operationId: 'getDocs',
  tag: 'Service',
  summary: 'Read this description',
  description: 'A page that shows the description and sends requests. Needs no key.',
  parameters: ['IfNoneMatchFile'],
  responses: {
    200: {
      description: 'The page.',
      headers: ['FileETag'],
      content: { type: 'text/html', schema: { type: 'string' } },
    },
    304: unchanged,
  },
  problems: [],
};
