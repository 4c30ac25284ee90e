import {
  LIMITS,
  modelDetailSchema,
  modelListSchema,
  TENANT_LIMITS,
  tenantLimitsSchema,
  usageSchema,
} from '@afterimage/job-schemas';
import { EXAMPLE_MODEL, EXAMPLE_MODEL_OBJECT } from '../examples.ts';
import type { Operation } from '../operation.ts';

const MODEL_DETAIL = {
  ...EXAMPLE_MODEL_OBJECT,
  inputSchemas: {
    'text-to-image': {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { prompt: { type: 'string', minLength: 1, maxLength: 8000 } },
      required: ['prompt'],
    },
  },
};

const QUOTAS = {
  createPerMinute: { limit: 600 },
  requestsPerMinute: { limit: 3000 },
  queuedJobs: { limit: 1000, used: 12 },
  runningJobs: { limit: 20, used: 3 },
};

export const listModels: Operation = {
  operationId: 'listModels',
  tag: 'Models',
  summary: 'List models',
  description: 'Every model that a pool serves, with its tasks and limits.',
  responses: {
    200: {
      description: 'The models.',
      json: {
        schema: modelListSchema,
        examples: { 'one model': { data: [EXAMPLE_MODEL_OBJECT], nextCursor: null } },
      },
    },
  },
  problems: [],
};

export const getModel: Operation = {
  operationId: 'getModel',
  tag: 'Models',
  summary: 'Get a model',
  description: 'Its formats and limits, and a JSON Schema of `input` for each of its tasks.',
  responses: {
    200: { description: 'The model.', json: { schema: modelDetailSchema, examples: { model: MODEL_DETAIL } } },
  },
  problems: ['not-found'],
};

export const getLimits: Operation = {
  operationId: 'getLimits',
  tag: 'Models',
  summary: 'Get the limits',
  description:
    'What every request is held to, and how much of its quotas the tenant uses. A model may allow less of some of it.',
  responses: {
    200: {
      description: 'The limits.',
      json: { schema: tenantLimitsSchema, examples: { limits: { ...TENANT_LIMITS, quotas: QUOTAS } } },
    },
  },
  problems: [],
};

const AMOUNTS = { jobs: 12, images: 40, engineSeconds: 218.4 };

export const getUsage: Operation = {
  operationId: 'getUsage',
  tag: 'Models',
  summary: 'Get the usage',
  description:
    'Jobs that succeeded, their images, and the seconds that engines worked on them, by UTC day of their end and model. ' +
    `At most ${LIMITS.usageDays} days at a time.`,
  parameters: ['FromDay', 'ToDay'],
  responses: {
    200: {
      description: 'The usage; days without any are left out.',
      json: {
        schema: usageSchema,
        examples: {
          'one day': {
            object: 'usage',
            from: '2026-01-01',
            to: '2026-01-31',
            data: [{ day: '2026-01-02', model: EXAMPLE_MODEL, ...AMOUNTS }],
            total: AMOUNTS,
          },
        },
      },
    },
  },
  problems: ['validation-failed'],
};
