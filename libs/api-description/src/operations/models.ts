import { modelListSchema, modelSchema } from '@afterimage/job-schemas';
import { EXAMPLE_MODEL_OBJECT } from '../examples.ts';
import type { Operation } from '../operation.ts';

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
  description: 'Its tasks, formats and limits.',
  responses: {
    200: { description: 'The model.', json: { schema: modelSchema, examples: { model: EXAMPLE_MODEL_OBJECT } } },
  },
  problems: ['not-found'],
};
