import { ADMIN_BASE, ADMIN_ROUTES } from '@afterimage/admin-schemas';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { describeApi } from './describe-api.ts';

const operationSchema = z.object({
  operationId: z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.enum(['path', 'query']), schema: z.looseObject({}) })),
  requestBody: z.looseObject({}).optional(),
  responses: z.record(z.string().regex(/^[2-5]\d\d$/), z.looseObject({ description: z.string().min(1) })),
});
const documentSchema = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});

const document = documentSchema.parse(describeApi('1.2.3'));
const operationOf = (method: string, path: string) => {
  const operation = document.paths[`${ADMIN_BASE}${path}`]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`${method} ${path} is not described`);
  return operation;
};

describe('the description of the admin API', () => {
  it('has every route, with the parameters of its path, and an id of its own', () => {
    const ids = ADMIN_ROUTES.map(({ method, path }) => {
      const described = operationOf(method, path.replace(/:(\w+)/g, '{$1}'));
      const names = described.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect(names).toEqual([...path.matchAll(/:(\w+)/g)].map(([, name]) => name));
      expect(described.requestBody !== undefined).toBe(method !== 'GET');
      return described.operationId;
    });

    expect(new Set(ids).size).toBe(ADMIN_ROUTES.length);
    expect(Object.values(document.paths).flatMap((methods) => Object.keys(methods))).toHaveLength(ADMIN_ROUTES.length);
  });

  it('names the problems of each route by their codes', () => {
    const { responses } = operationOf('POST', '/queues/{name}/purge');

    expect(responses['409']?.description).toBe('Count changed (`count-changed`)');
    expect(Object.keys(responses).toSorted()).toEqual([
      '200',
      '400',
      '401',
      '403',
      '404',
      '409',
      '413',
      '415',
      '422',
      '500',
      '503',
    ]);
  });

  it('is JSON, and refers to nothing that it does not hold', () => {
    const text = JSON.stringify(describeApi('1'));
    const refs = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);

    expect(new Set(refs)).toEqual(new Set(['#/components/schemas/Problem']));
  });
});
