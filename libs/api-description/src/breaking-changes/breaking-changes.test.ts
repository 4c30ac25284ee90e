import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RELEASED_FILE } from '../commands/files.ts';
import { describeApi } from '../describe-api.ts';
import { breakingChanges } from './breaking-changes.ts';

/** The document as JSON, which a case changes. */
const aDocument = () => JSON.parse(JSON.stringify(describeApi()));
type Document = ReturnType<typeof aDocument>;

it('the API keeps what the last release promised', () => {
  expect(breakingChanges(JSON.parse(readFileSync(RELEASED_FILE, 'utf8')), aDocument())).toStrictEqual([]);
});

const schema = (document: Document, name: string) => document.components.schemas[name];
const post = (document: Document) => document.paths['/v1/jobs'].post;
const list = (document: Document) => document.paths['/v1/jobs'].get;

const BREAKING: readonly (readonly [string, (document: Document) => void, string])[] = [
  ['a path is gone', (api) => delete api.paths['/v1/models'], 'GET /v1/models was removed'],
  ['a method is gone', (api) => delete api.paths['/v1/jobs'].get, 'GET /v1/jobs was removed'],
  ['an operation has another name', (api) => (post(api).operationId = 'submit'), 'createJob was renamed to submit'],
  ['another scope is needed', (api) => (list(api).security = [{ bearer: ['admin'] }]), 'needs another key or scope'],
  ['a public route needs a key', (api) => (api.paths['/docs'].get.security = [{ bearer: [] }]), 'GET /docs: needs'],
  ['a parameter is gone', (api) => (list(api).parameters = []), 'query cursor was removed'],
  [
    'a parameter becomes required',
    (api) => (api.components.parameters.Status.required = true),
    'query status became required',
  ],
  [
    'there is a new required parameter',
    (api) => list(api).parameters.push({ name: 'since', in: 'query', required: true, schema: {} }),
    'query since is new and required',
  ],
  [
    'a parameter takes fewer values',
    (api) => api.components.parameters.Status.schema.enum.shift(),
    'the value queued is refused',
  ],
  ['a success is gone', (api) => delete post(api).responses['202'], '202 was removed'],
  ['a header of an answer is gone', (api) => delete post(api).responses['202'].headers.ETag, 'header ETag was removed'],
  [
    'a media type is gone',
    (api) => (post(api).requestBody.content = { 'text/plain': {} }),
    'application/json was removed',
  ],
  [
    'a field of a request is gone',
    (api) => delete schema(api, 'Policy').properties.priority,
    'CreateTextToImageJob changed',
  ],
  [
    'a field of a request becomes required',
    (api) => (schema(api, 'RetryJob').required = ['input']),
    'body: input became required',
  ],
  [
    'a limit of a request falls',
    (api) => (schema(api, 'RetryJob').properties.policy.properties.maxAttempts.maximum = 2),
    'body/policy/maxAttempts: maximum became 2',
  ],
  [
    'a default changes',
    (api) => (schema(api, 'OutputOptions').properties.quality.default = 80),
    'CreateTextToImageJob changed',
  ],
  ['a task is gone', (api) => schema(api, 'CreateJob').oneOf.pop(), 'CreateWorkflowJob changed'],
  ['a field of an answer is gone', (api) => delete schema(api, 'Job').properties.pool, '/pool was removed'],
  [
    'a field of an answer is not always there',
    (api) => (schema(api, 'Job').required = schema(api, 'Job').required.filter((name: string) => name !== 'pool')),
    'pool is not always there any more',
  ],
  [
    'a field of an answer has another type',
    (api) => (schema(api, 'Job').properties.version.type = 'string'),
    'version: the type string is new',
  ],
  [
    'a field of an answer can be null',
    (api) => (schema(api, 'Job').properties.pool.type = ['string', 'null']),
    'pool: the type null is new',
  ],
  ['a constant changes', (api) => (schema(api, 'Job').properties.object.const = 'task'), 'the value job became task'],
  ['a webhook is gone', (api) => delete api.webhooks['job.failed'], 'webhook job.failed was removed'],
  [
    'a webhook loses a field',
    (api) => delete schema(api, 'EventJob').properties.status,
    'webhook job.queued: body/data/job/status was removed',
  ],
  [
    'a webhook loses a header',
    (api) => (api.webhooks['job.queued'].post.parameters = []),
    'header webhook-id was removed',
  ],
];

const ADDITIONS: readonly (readonly [string, (document: Document) => void])[] = [
  ['a path', (api) => (api.paths['/v1/more'] = { get: { operationId: 'more', responses: {} } })],
  ['an optional parameter', (api) => list(api).parameters.push({ name: 'since', in: 'query', schema: {} })],
  ['an optional field of a request', (api) => (schema(api, 'Policy').properties.more = { type: 'string' })],
  ['a value of a request', (api) => schema(api, 'OutputOptions').properties.format.enum.push('jxl')],
  ['a wider limit', (api) => (schema(api, 'TextToImageInput').properties.steps.maximum = 500)],
  ['a field of an answer', (api) => (schema(api, 'Job').properties.more = { type: 'string' })],
  ['a value of an answer', (api) => schema(api, 'Model').properties.formats.items.enum.push('jxl')],
  ['a problem', (api) => (post(api).responses['406'] = { description: 'no' })],
  ['the end of a problem', (api) => delete post(api).responses['413']],
  ['a route that needs no key any more', (api) => (list(api).security = [])],
];

describe('breakingChanges', () => {
  it.each(BREAKING)('finds that %s', (_name, change, expected) => {
    const changed = aDocument();
    change(changed);

    expect(breakingChanges(aDocument(), changed).join('\n')).toContain(expected);
  });

  it.each(ADDITIONS)('lets pass %s', (_name, change) => {
    const changed = aDocument();
    change(changed);

    expect(breakingChanges(aDocument(), changed)).toStrictEqual([]);
  });
});
