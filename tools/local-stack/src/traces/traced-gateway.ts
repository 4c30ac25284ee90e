import { TRACE_HEADER, type GatewayRequest } from '../gateway/gateway-request.ts';
import type { TraceRequest } from '../gateway/answer.ts';
import { beginSegment } from './segments.ts';
import type { TraceStore } from './trace-store.ts';

const SERVER_ERROR = 500;

/** Begins the segment of a request at the gateway, and names it to what the request leads to. */
export function tracedGateway(add: TraceStore['add']): TraceRequest {
  return function traceRequest(request: GatewayRequest) {
    const { traceHeader, headers } = request;
    const segment = beginSegment(add, { name: 'afterimage/local', origin: 'AWS::ApiGateway::Stage', traceHeader });
    const withHeader = new Map(headers);
    for (const name of headers.keys()) if (name.toLowerCase() === TRACE_HEADER.toLowerCase()) withHeader.delete(name);
    withHeader.set(TRACE_HEADER, [segment.traceHeader]);
    return {
      request: { ...request, headers: withHeader },
      end: (status: number) => segment.end(status >= SERVER_ERROR),
    };
  };
}
