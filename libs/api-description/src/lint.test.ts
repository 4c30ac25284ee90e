import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, it } from 'vitest';
import { documentText } from './document-text.ts';

const CONFIG: Parameters<typeof createConfig>[0] = {
  extends: ['recommended-strict'],
  rules: {
    // A download answers with a redirect alone, and the public routes have nothing that a client could do wrong.
    'operation-2xx-response': 'off',
    'operation-4xx-response': 'off',
    'no-unused-components': 'error',
    'no-invalid-parameter-examples': 'error',
    'no-invalid-schema-examples': 'error',
    'operation-description': 'error',
    'operation-operationId-url-safe': 'error',
    'tags-alphabetical': 'off',
    'no-duplicated-tag-names': 'error',
    'parameter-description': 'error',
  },
};

async function problemsOf(source: string): Promise<string[]> {
  const config = await createConfig(CONFIG);
  const problems = await lintFromString({ source, absoluteRef: '/openapi.json', config });
  return problems.map(({ ruleId, message, location }) => `${ruleId} at ${location[0]?.pointer ?? '#'}: ${message}`);
}

it('the document passes every rule of the linter, examples included', async () => {
  expect(await problemsOf(documentText())).toStrictEqual([]);
});

it('the linter sees an example that does not fit its schema', async () => {
  const broken = documentText().replace('"object": "job"', '"object": "cat"');

  expect((await problemsOf(broken)).join('\n')).toContain('no-invalid-media-type-examples');
});
