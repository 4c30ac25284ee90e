import { poolsSchema } from '@afterimage/app-config';
import { LIMITS, type Model, modelDetailSchema, modelListSchema } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import { anApiRequest } from '../test/an-api-request.ts';
import { CONTEXT } from '../test/bench.ts';
import { makeModelRoutes } from './model-routes.ts';

const limits = { maxWidth: 1024, maxHeight: 768, maxSteps: 50, maxImages: 4 };
const routes = makeModelRoutes({
  findWarmModels: async () => new Set(['flow']),
  pools: poolsSchema.parse({
    pools: [
      {
        name: 'local',
        engine: 'sketch',
        models: [
          { id: 'painter', tasks: ['text-to-image', 'image-to-image', 'upscale'], limits },
          { id: 'flow', tasks: ['workflow'] },
        ],
      },
    ],
  }),
});

async function detailOf(id: string) {
  return modelDetailSchema.strict().parse((await routes.get(anApiRequest({ params: { id } }), CONTEXT)).body);
}

describe('GET /v1/models', () => {
  it('lists the models of every pool and whether they are warm, without the schemas of their inputs', async () => {
    const { body } = await routes.list(anApiRequest(), CONTEXT);

    expect(modelListSchema.parse(body).data.map(({ id, pool, state }: Model) => [id, pool, state])).toEqual([
      ['painter', 'local', 'cold'],
      ['flow', 'local', 'warm'],
    ]);
    expect(JSON.stringify(body)).not.toContain('inputSchemas');
  });
});

describe('GET /v1/models/{id}', () => {
  it('has a JSON Schema of the input for each task, with the limits of the model', async () => {
    const { inputSchemas } = await detailOf('painter');

    expect(Object.keys(inputSchemas)).toEqual(['text-to-image', 'image-to-image', 'upscale']);
    expect(inputSchemas['text-to-image']).toMatchObject({
      type: 'object',
      required: ['prompt'],
      additionalProperties: false,
      properties: {
        prompt: { type: 'string', minLength: 1, maxLength: LIMITS.promptCharacters },
        width: { type: 'integer', minimum: 64, maximum: 1024, multipleOf: 8, default: 512 },
        height: { maximum: 768 },
        steps: { maximum: 50, default: 20 },
        images: { minimum: 1, maximum: 4 },
        seed: { minimum: 0, maximum: 2 ** 32 - 1 },
      },
    });
    expect(inputSchemas['image-to-image']).toMatchObject({
      required: ['prompt', 'image'],
      properties: {
        width: { maximum: 1024 },
        image: { additionalProperties: false, minProperties: 1, maxProperties: 1 },
      },
    });
    expect(inputSchemas.upscale).toMatchObject({ required: ['image'], properties: { scale: { maximum: 4 } } });
  });

  it('takes a limit of images for none of the images of a workflow', async () => {
    const { inputSchemas } = await detailOf('flow');

    expect(inputSchemas.workflow).toMatchObject({ properties: { images: { type: 'object' } } });
    expect(inputSchemas.workflow).not.toHaveProperty('properties.images.maximum');
  });

  it('is 404 for a model that no pool serves', async () => {
    const request = anApiRequest({ params: { id: 'sdxl' } });

    await expect(routes.get(request, CONTEXT)).rejects.toMatchObject({ code: 'not-found' });
  });
});
