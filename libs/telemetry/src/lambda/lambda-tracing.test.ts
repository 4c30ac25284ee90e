import middy from '@middy/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inJobScope } from '../log/job-scope.ts';
import { segmentDocumentSchema } from '../trace-tree/segment-document.ts';
import { createLambdaTracing, UNTRACED } from './lambda-tracing.ts';
import { toDaemon } from './xray-daemon.ts';

vi.mock('./xray-daemon.ts', { spy: true });

const TRACE = '5759e988bd862e3fe1be46a994272793';
const XRAY_TRACE = '1-5759e988-bd862e3fe1be46a994272793';
const PARENT = '53995c3f42cd8ad8';
const JOB = { jobId: 'job_1', attempt: 2, tenantId: 'tenant-1', traceId: XRAY_TRACE };
const documents: Record<string, unknown>[] = [];

function invokedIn(trace: string, { isSampled = true } = {}): void {
  vi.stubEnv('_X_AMZN_TRACE_ID', `Root=${trace};Parent=${PARENT};Sampled=${isSampled ? 1 : 0}`);
}

beforeEach(() => {
  vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', '127.0.0.1:2000');
  vi.stubEnv('AWS_EXECUTION_ENV', 'AWS_Lambda_nodejs24.x');
  vi.stubEnv('AWS_LAMBDA_INITIALIZATION_TYPE', 'on-demand');
  vi.stubEnv('_HANDLER', 'handler.handler');
  vi.mocked(toDaemon).mockReturnValue((document) => {
    segmentDocumentSchema.parse(document);
    documents.push({ ...document });
  });
  invokedIn(XRAY_TRACE);
});
afterEach(() => {
  documents.length = 0;
  vi.unstubAllEnvs();
});

const named = (name: string) => documents.find((document) => document.name === name) ?? {};

describe('the tracing of a function', () => {
  it('sends each part by itself under the one that it belongs to', async () => {
    const tracing = createLambdaTracing('submit-api');
    const handler = tracing.handler(() =>
      inJobScope(async () => {
        tracing.note({ requestId: 'r-1' });
        return tracing.span('outer', { n: 1 }, () => tracing.span('inner', {}, async () => tracing.current()));
      }, JOB),
    );
    const place = await handler();

    expect(documents.map(({ name }) => name)).toEqual(['inner', 'outer', '## handler.handler']);
    const [inner, outer, whole] = documents;
    expect(place).toBe(`00-${TRACE}-${String(inner?.id)}-01`);
    expect(inner).toMatchObject({ parent_id: outer?.id, type: 'subsegment', trace_id: XRAY_TRACE });
    expect(outer).toMatchObject({ parent_id: whole?.id, annotations: { n: 1, jobId: 'job_1', attempt: 2 } });
    expect(whole).toMatchObject({
      parent_id: PARENT,
      annotations: { Service: 'submit-api', ColdStart: true, requestId: 'r-1', jobId: 'job_1', tenantId: 'tenant-1' },
    });
  });

  it('keeps invocations apart that overlap, and tells the first one from the others', async () => {
    const tracing = createLambdaTracing('submit-api');
    const started = Promise.withResolvers<void>();
    const places: (string | null)[] = [];
    const handler = tracing.handler(async (wait: Promise<void>) => {
      await wait;
      places.push(tracing.current());
    });
    const first = handler(started.promise);
    invokedIn(`1-6b000000-${'0'.repeat(24)}`);
    await handler(Promise.resolve());
    started.resolve();
    await first;

    expect(places.map((place) => place?.slice(3, 11))).toEqual(['6b000000', '5759e988']);
    expect(documents.map(({ annotations }) => annotations)).toMatchObject([{ ColdStart: false }, { ColdStart: true }]);
  });

  it('sends nothing of a trace that is not sampled, and goes on with it', async () => {
    invokedIn(XRAY_TRACE, { isSampled: false });
    const tracing = createLambdaTracing('submit-api');
    const place = await tracing.handler(async () => tracing.current())();

    expect(place).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    expect(documents).toEqual([]);
  });

  it('tells an error by its name alone, whether it is thrown or answered', async () => {
    const tracing = createLambdaTracing('submit-api');
    const error = new RangeError('a client’s own words');
    const span = tracing.handler(() => tracing.span('part', {}, () => Promise.reject(error)));
    await expect(span()).rejects.toThrow(error);

    expect(documents).toMatchObject([
      { name: 'part', fault: true, annotations: { errorType: 'RangeError' } },
      { name: '## handler.handler', fault: true, annotations: { errorType: 'RangeError' } },
    ]);
    documents.length = 0;
    const answering = middy(() => Promise.reject(error))
      .use(tracing.middleware)
      .use({ onError: (request) => void Object.assign(request, { response: 'a problem' }) });
    await tracing.handler(async () => Reflect.apply(answering, undefined, [{}, {}]))();
    expect(documents).toMatchObject([{ fault: true, annotations: { errorType: 'RangeError' } }]);
    expect(JSON.stringify(documents)).not.toContain('own words');
  });

  it.each([
    [400, { error: true }],
    [429, { error: true, throttle: true }],
    [500, { fault: true }],
    [503, { fault: true }],
  ])('blames for an answer of %i whom its status blames', async (statusCode, blame) => {
    const tracing = createLambdaTracing('submit-api');
    const error = new Error('the prompt is too long: a red boat');
    const answering = middy(() => Promise.reject(error))
      .use(tracing.middleware)
      .use({ onError: (request) => void Object.assign(request, { response: { statusCode } }) });
    await tracing.handler(async () => Reflect.apply(answering, undefined, [{}, {}]))();
    const refusing = tracing.handler(() => Promise.reject(Object.assign(new Error('a red boat'), { statusCode })));
    await expect(refusing()).rejects.toThrow('a red boat');

    expect(documents).toHaveLength(2);
    for (const { fault, error: isError, throttle } of documents) {
      expect(JSON.parse(JSON.stringify({ fault, error: isError, throttle }))).toEqual(blame);
    }
    expect(JSON.stringify(documents)).not.toContain('red boat');
  });

  it('continues the trace of another in a segment of the service, and its own where it is', async () => {
    const tracing = createLambdaTracing('result-notifier');
    const other = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    await tracing.handler(async () => {
      await tracing.continued(tracing.current(), {}, () => tracing.span('own', {}, async () => undefined));
      await tracing.continued(other, { n: 2 }, () => tracing.span('foreign', {}, async () => undefined));
      await tracing.continued(null, {}, () => tracing.span('none', {}, async () => undefined));
    })();

    const segment = named('result-notifier');
    expect(segment).toMatchObject({ parent_id: 'cd'.repeat(8), annotations: { n: 2 } });
    expect(segment).not.toHaveProperty('type');
    expect(named('foreign')).toMatchObject({ parent_id: segment.id, trace_id: segment.trace_id });
    for (const name of ['own', 'none']) expect(named(name).parent_id).toBe(named('## handler.handler').id);
  });

  it('keeps what a handler is marked with', () => {
    const marked = Object.assign(async () => undefined, { streaming: true });

    expect(createLambdaTracing('wait-api').handler(marked)).toHaveProperty('streaming', true);
  });

  it('is off where there is no daemon, and outside of a trace', async () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', undefined);
    const tracing = createLambdaTracing('submit-api');
    expect(await tracing.handler(() => tracing.span('part', {}, async () => tracing.current()))()).toBeNull();
    expect(documents).toEqual([]);

    vi.stubEnv('POWERTOOLS_TRACE_ENABLED', 'false');
    expect(createLambdaTracing('submit-api')).toBe(UNTRACED);
    vi.stubEnv('POWERTOOLS_TRACE_ENABLED', undefined);
    vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', undefined);
    expect(createLambdaTracing('submit-api')).toBe(UNTRACED);
  });
});
