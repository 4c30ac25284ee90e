import type { LambdaFunction } from '../lambda/lambda-function.ts';
import { beginSegment } from './segments.ts';
import type { TraceStore } from './trace-store.ts';

/** The function with the segment of each invocation that Lambda makes itself. */
export function tracedFunction(lambda: LambdaFunction, add: TraceStore['add']): LambdaFunction {
  const { name } = lambda;
  const begin = (traceHeader: string | undefined) =>
    beginSegment(add, { name, origin: 'AWS::Lambda::Function', traceHeader });
  return {
    ...lambda,
    async invoke(event, traceHeader) {
      const segment = begin(traceHeader);
      let isFault = true;
      try {
        const result = await lambda.invoke(event, segment.traceHeader);
        isFault = false;
        return result;
      } finally {
        segment.end(isFault);
      }
    },
    async invokeStreaming(event, traceHeader) {
      const segment = begin(traceHeader);
      try {
        const stream = await lambda.invokeStreaming(event, segment.traceHeader);
        stream.body.once('close', () => segment.end(stream.body.errored !== null));
        return stream;
      } catch (error) {
        segment.end(true);
        throw error;
      }
    },
  };
}
