import { describe, expect, it } from 'vitest';
import { createJobSchema } from './create-job.ts';
import { toFieldErrors } from './field-errors.ts';
import { knownKeysOf } from './known-keys.ts';
import type { FieldError } from './problem.ts';
import { usageQuerySchema } from './usage.ts';

const prompt = 'a lighthouse';
const base = { model: 'sketch-1', task: 'text-to-image', input: { prompt } };
const input = (fields: object) => ({ ...base, input: { prompt, ...fields } });
const withFields = (fields: object) => ({ ...base, ...fields });
const manyKeys = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`key${index}`, '']));

function errorsOf(body: unknown): FieldError[] {
  const { error } = createJobSchema.safeParse(body);
  return error === undefined ? [] : toFieldErrors(error, body, knownKeysOf(createJobSchema));
}

/** What is wrong, the body, `pointer code: detail` and the limit of the one error that comes of it. */
type Case = readonly [what: string, body: unknown, error: string, limit?: FieldError['limit']];

const EVENTS = ['job.queued', 'job.started', 'job.succeeded', 'job.failed', 'job.canceled', 'job.expired'];
const SAMPLERS = ['euler', 'euler_a', 'ddim', 'dpmpp_2m', 'dpmpp_2m_karras', 'dpmpp_sde_karras', 'lcm'];
const url = 'https://a.example';

const WRONG_TYPES: readonly Case[] = [
  ['a list', [], '# invalid_type: must be of type object, got 0 items', 'object'],
  ['null', null, '# invalid_type: must be of type object, got null', 'object'],
  ['no model', withFields({ model: undefined }), '#/model required: is required and must be of type string'],
  [
    'no task',
    withFields({ task: undefined }),
    '#/task required: is required and must be one of text-to-image, image-to-image, upscale, workflow',
    ['text-to-image', 'image-to-image', 'upscale', 'workflow'],
  ],
  ['no prompt', { ...base, input: {} }, '#/input/prompt required: is required and must be of type string'],
  ['a number', input({ prompt: 5 }), '#/input/prompt invalid_type: must be of type string, got 5', 'string'],
  ['a string', input({ width: '512' }), '#/input/width invalid_type: must be of type number, got "512"', 'number'],
  ['a fraction', input({ width: 0.5 }), '#/input/width invalid_type: must be of type integer, got 0.5', 'integer'],
  [
    'infinity',
    input({ guidance: Infinity }),
    '#/input/guidance invalid_type: must be of type number, got Infinity',
    'number',
  ],
  [
    'a word for a boolean',
    withFields({ output: { embedParameters: 'yes' } }),
    '#/output/embedParameters invalid_type: must be of type boolean, got "yes"',
    'boolean',
  ],
  [
    'a list for a map',
    withFields({ metadata: [] }),
    '#/metadata invalid_type: must be of type object, got 0 items',
    'object',
  ],
  [
    'a number in the metadata, under a name that a pointer escapes',
    withFields({ metadata: { 'a/b~c': 1 } }),
    '#/metadata/a~1b~0c invalid_type: must be of type string, got 1',
    'string',
  ],
];

const BROKEN_LIMITS: readonly Case[] = [
  ['no character', input({ prompt: '' }), '#/input/prompt too_small: must be at least 1 character, got ""', 1],
  [
    'too many characters',
    input({ prompt: 'x'.repeat(8001) }),
    '#/input/prompt too_big: must be at most 8000 characters, got 8001 characters',
    8000,
  ],
  [
    'half a character',
    input({ prompt: 'a\ud83e' }),
    '#/input/prompt custom: must not contain half of a surrogate pair, got "a\\ud83e"',
  ],
  ['a width off the grid', input({ width: 77 }), '#/input/width multiple_of: must be a multiple of 8, got 77', 8],
  ['too small a height', input({ height: 32 }), '#/input/height too_small: must be at least 64, got 32', 64],
  ['too large a height', input({ height: 4096 }), '#/input/height too_big: must be at most 2048, got 4096', 2048],
  ['too many images', input({ images: 9 }), '#/input/images too_big: must be at most 8, got 9', 8],
  ['no steps', input({ steps: 0 }), '#/input/steps too_small: must be at least 1, got 0', 1],
  [
    'a seed beyond 32 bits',
    input({ seed: 2 ** 32 }),
    '#/input/seed too_big: must be at most 4294967295, got 4294967296',
    4_294_967_295,
  ],
  [
    'too short a time',
    withFields({ policy: { retainSeconds: 60 } }),
    '#/policy/retainSeconds too_small: must be at least 3600, got 60',
    3600,
  ],
  [
    'an empty list',
    withFields({ webhook: { url, events: [] } }),
    '#/webhook/events too_small: must be at least 1 item, got 0 items',
    1,
  ],
  [
    'too many keys',
    withFields({ metadata: manyKeys }),
    '#/metadata too_big: must be at most 16 keys, got an object of 17 keys',
    16,
  ],
  [
    'too long a key',
    withFields({ metadata: { ['k'.repeat(65)]: '' } }),
    '#/metadata invalid_key: has a key that must be at most 64 characters, got 65 characters',
    64,
  ],
  [
    'an empty key',
    withFields({ metadata: { '': 'v' } }),
    '#/metadata invalid_key: has a key that must be at least 1 character, got ""',
    1,
  ],
  [
    'too long a value in the metadata',
    withFields({ metadata: { k: 'v'.repeat(501) } }),
    '#/metadata/k too_big: must be at most 500 characters, got 501 characters',
    500,
  ],
];

const WRONG_VALUES: readonly Case[] = [
  [
    'a format',
    withFields({ output: { format: 'gif' } }),
    '#/output/format invalid_value: must be one of png, jpeg, webp, avif, got "gif"',
    ['png', 'jpeg', 'webp', 'avif'],
  ],
  [
    'an object for a choice',
    input({ sampler: { a: 1 } }),
    `#/input/sampler invalid_value: must be one of ${SAMPLERS.join(', ')}, got an object of 1 key`,
    SAMPLERS,
  ],
  [
    'an event in a list',
    withFields({ webhook: { url, events: ['job.failed', 'job.done'] } }),
    `#/webhook/events/1 invalid_value: must be one of ${EVENTS.join(', ')}, got "job.done"`,
    EVENTS,
  ],
  [
    'no URL',
    withFields({ webhook: { url: 'nope' } }),
    '#/webhook/url invalid_format: must be an https URL, got "nope"',
  ],
  [
    'a URL of another scheme',
    withFields({ webhook: { url: 'ftp://a.example' } }),
    '#/webhook/url invalid_format: must be an https URL, got "ftp://a.example"',
  ],
  [
    'a URL of another scheme with secrets in it',
    withFields({ webhook: { url: 'ftp://user:secret@a.example/secret?token=secret' } }),
    '#/webhook/url invalid_format: must be an https URL, got "ftp://…@a.example/…"',
  ],
  [
    'a URL without a scheme and with secrets in it',
    withFields({ webhook: { url: 'a.example/secret?token=secret' } }),
    '#/webhook/url invalid_format: must be an https URL, got "a.example/…"',
  ],
  [
    'a URL with a secret that cannot be written',
    withFields({ webhook: { url: 'https://a.example/secret\ud800' } }),
    '#/webhook/url custom: must not contain half of a surrogate pair, got "https://a.example/…"',
  ],
];

const NO_FIELD = 'unknown_field: is not a field of this request';
const withPrototype: unknown = JSON.parse(
  '{"model":"m","task":"text-to-image","input":{"prompt":"x"},"__proto__":{"a":1}}',
);

const UNKNOWN_FIELDS: readonly Case[] = [
  ['like no other', input({ zzzzzzzz: 1 }), `#/input/zzzzzzzz ${NO_FIELD}`],
  ['of another task', input({ strength: 0.5 }), `#/input/strength ${NO_FIELD}; it belongs to another task`],
  ['misspelt', withFields({ policy: { priorty: 'batch' } }), `#/policy/priorty ${NO_FIELD}; did you mean "priority"?`],
  [
    'in another style',
    input({ negative_prompt: '' }),
    `#/input/negative_prompt ${NO_FIELD}; did you mean "negativePrompt"?`,
  ],
  [
    'misspelt in an optional object',
    withFields({ webhook: { url, event: [] } }),
    `#/webhook/event ${NO_FIELD}; did you mean "events"?`,
  ],
  ['named like a prototype', withPrototype, `#/__proto__ ${NO_FIELD}`],
  ['named like a method', input({ toString: 1 }), `#/input/toString ${NO_FIELD}`],
];

describe('toFieldErrors', () => {
  /** The only error, as the cases above write it. */
  function onlyError(body: unknown) {
    const [error, ...others] = errorsOf(body);
    if (error === undefined || others.length > 0) throw new Error(`expected one error, got ${others.length + 1}`);
    return { error: `${error.pointer} ${error.code}: ${error.detail}`, limit: error.limit };
  }

  it.each<Case>(WRONG_TYPES)('names field and type: %s', (_, body, error, limit) => {
    expect(onlyError(body)).toStrictEqual({ error, limit });
  });

  it.each<Case>(BROKEN_LIMITS)('names field, value and limit: %s', (_, body, error, limit) => {
    expect(onlyError(body)).toStrictEqual({ error, limit });
  });

  it.each<Case>(WRONG_VALUES)('names field, value and what is allowed: %s', (_, body, error, limit) => {
    expect(onlyError(body)).toStrictEqual({ error, limit });
  });

  it.each<Case>(UNKNOWN_FIELDS)('names a field that is not there: %s', (_, body, error, limit) => {
    expect(onlyError(body)).toStrictEqual({ error, limit });
  });

  it('names every field that is wrong', () => {
    const body = { ...input({ width: 1, extra: 1 }), model: 3 };

    expect(new Set(errorsOf(body).map(({ pointer }) => pointer))).toStrictEqual(
      new Set(['#/model', '#/input/width', '#/input/extra']),
    );
  });

  it('never shows a long value', () => {
    const secret = 'a very private prompt '.repeat(500);

    expect(JSON.stringify(errorsOf(input({ prompt: secret, sampler: secret })))).not.toContain('private');
  });
});

it('a day or time that is none is told what one looks like', () => {
  const query = { from: '2026-99-99' };
  const { error } = usageQuerySchema.safeParse(query);

  expect(error && toFieldErrors(error, query, knownKeysOf(usageQuerySchema))).toEqual([
    { pointer: '#/from', code: 'invalid_format', detail: 'must be a day like 2026-01-31, got "2026-99-99"' },
  ]);
});
