import { readFileSync } from 'node:fs';
import { API_ROUTES } from '@afterimage/app-config';
import { jobEventTypeSchema, PROBLEMS } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DOCUMENT_FILE } from './commands/files.ts';
import { describeApi } from './describe-api.ts';
import { documentText } from './document-text.ts';
import { OPERATIONS } from './operations.ts';

const documentSchema = z.object({
  openapi: z.string(),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        security: z.array(z.record(z.string(), z.array(z.string()))),
        responses: z.record(z.string(), z.unknown()),
      }),
    ),
  ),
  webhooks: z.record(z.string(), z.unknown()),
  components: z.object({ schemas: z.record(z.string(), z.unknown()), responses: z.record(z.string(), z.unknown()) }),
});

const document = documentSchema.parse(describeApi());
const operationOf = ({ method, path }: { method: string; path: string }) =>
  document.paths[path]?.[method.toLowerCase()];

it('docs/openapi.json is what the schemas say (if not: npx nx generate @afterimage/api-description)', () => {
  expect(readFileSync(DOCUMENT_FILE, 'utf8') === documentText()).toBe(true);
});

describe('the document', () => {
  it('is OpenAPI 3.1', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it.each(API_ROUTES)('describes $method $path with the scope that it needs', (route) => {
    const scopes = operationOf(route)?.security.map((requirement) => Object.values(requirement));

    expect(scopes).toStrictEqual(route.scope === null ? [] : [[[route.scope]], [[route.scope]]]);
  });

  it('describes nothing that is no route', () => {
    const keys = API_ROUTES.map(({ method, path }) => `${method} ${path}`);

    expect(Object.keys(OPERATIONS).toSorted()).toStrictEqual(keys.toSorted());
  });

  it('names each operation once', () => {
    const ids = API_ROUTES.map((route) => operationOf(route)?.operationId);

    expect(new Set(ids).size).toBe(API_ROUTES.length);
  });

  it.each(API_ROUTES)('lists for $method $path the statuses of its problems', (route) => {
    const key = `${route.method} ${route.path}` as keyof typeof OPERATIONS;
    const statuses = OPERATIONS[key].problems.map((code) => String(PROBLEMS[code].status));
    const always = route.scope === null ? ['500', '503'] : ['401', '403', '429', '500', '503'];

    expect(Object.keys(operationOf(route)?.responses ?? {})).toEqual(expect.arrayContaining([...statuses, ...always]));
  });

  it('has a webhook for each event', () => {
    expect(Object.keys(document.webhooks)).toStrictEqual([
      ...jobEventTypeSchema.options,
      'batch.completed',
      'webhook.test',
    ]);
  });

  it('forbids unknown fields in requests alone', () => {
    expect(document.components.schemas['OutputOptions']).toMatchObject({ additionalProperties: false });
    expect(JSON.stringify(document.components.schemas['Job'])).not.toContain('"additionalProperties":false');
  });

  it('has defaults where a client may leave them out, and requires in answers what is always there', () => {
    expect(document.components.schemas['Policy']).not.toHaveProperty('required');
    expect(document.components.schemas['JobPolicy']).toMatchObject({
      required: expect.arrayContaining(['maxAttempts']),
    });
  });
});
