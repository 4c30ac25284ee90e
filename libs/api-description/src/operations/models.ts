import { modelDetailSchema, modelListSchema, TENANT_LIMITS, tenantLimitsSchema } from '@afterimage/job-schemas';
import { EXAMPLE_MODEL_OBJECT } from '../examples.ts';
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
  description: 'What every request is held to. A model may allow less of some of it.',
  responses: {
    200: {
      description: 'The limits.',
      json: { schema: tenantLimitsSchema, examples: { limits: { ...TENANT_LIMITS } } },
    },
  },
  problems: [],
};
