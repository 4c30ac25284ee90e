import { describe, expect, it } from 'vitest';
import { segmentDocumentSchema } from './segment-document.ts';
import { orphansOf, traceTree } from './trace-tree.ts';

const TRACE = '1-5759e988-bd862e3fe1be46a994272793';
const id = (digit: string) => digit.repeat(16);

function document(fields: Record<string, unknown>) {
  return segmentDocumentSchema.parse({ trace_id: TRACE, name: 'part', start_time: 1, end_time: 2, ...fields });
}

const shape = (documents: ReturnType<typeof document>[]) =>
  traceTree(TRACE, documents).spans.map(({ depth, service, name }) => `${'  '.repeat(depth)}${service}: ${name}`);

describe('traceTree', () => {
  it('puts parts under their parents, wherever they came from and in whatever order', () => {
    const documents = [
      document({ id: id('c'), parent_id: id('b'), type: 'subsegment', name: 'SNS', aws: { operation: 'Publish' } }),
      document({
        id: id('d'),
        parent_id: id('c'),
        name: 'gpu-worker',
        start_time: 3,
        subsegments: [
          { id: id('f'), name: 'engine', start_time: 5, end_time: 6 },
          { id: id('e'), name: 'claim', start_time: 3, end_time: 4 },
        ],
      }),
      document({ id: id('b'), parent_id: id('a'), name: 'submit-api', origin: 'AWS::Lambda::Function' }),
      document({ id: id('a'), name: 'api' }),
    ];

    expect(shape(documents)).toEqual([
      'api: api',
      '  submit-api: submit-api',
      '    submit-api: SNS Publish',
      '      gpu-worker: gpu-worker',
      '        gpu-worker: claim',
      '        gpu-worker: engine',
    ]);
  });

  it('takes what was told twice as it was in the end', () => {
    const documents = [
      document({ id: id('a'), end_time: undefined }),
      document({ id: id('a'), end_time: 7, annotations: { jobId: 'job_1' } }),
      document({ id: id('a'), end_time: undefined }),
    ];

    expect(traceTree(TRACE, documents).spans).toMatchObject([{ endedAtMs: 7000, attributes: { jobId: 'job_1' } }]);
  });

  it('keeps links apart from parents', () => {
    const linked = document({ id: id('b'), parent_id: id('a'), links: [{ trace_id: TRACE, id: id('c') }] });
    const tree = traceTree(TRACE, [document({ id: id('a') }), linked]);

    expect(tree.spans[1]).toMatchObject({ parentId: id('a'), links: [{ traceId: TRACE, spanId: id('c') }] });
  });

  it('shows a part without a parent, and tells that it stands alone', () => {
    const tree = traceTree(TRACE, [
      document({ id: id('a') }),
      document({ id: id('b'), parent_id: id('f'), start_time: 4 }),
    ]);

    expect(tree.spans.map(({ depth }) => depth)).toEqual([0, 0]);
    expect(orphansOf(tree).map((span) => span.id)).toEqual([id('b')]);
  });
});
