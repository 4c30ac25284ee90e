import type { Readable } from 'node:stream';
import { toProblem, type ProblemCode } from '@afterimage/job-schemas';
import type { GatewayRequest } from './gateway-request.ts';

/** What the gateway sends back. Each header has one value or several. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer | Readable;
}

/** An answer that the gateway itself makes, in the shape of the API's errors, as gateway responses do on AWS. */
export function problemReply(
  request: Pick<GatewayRequest, 'path' | 'requestId'>,
  code: ProblemCode,
  detail: string,
  overrides: { readonly status?: 502 | 504; readonly headers?: Reply['headers'] } = {},
): Reply & { readonly body: Buffer } {
  const problem = toProblem(code, { detail }, { instance: request.path, requestId: request.requestId });
  const status = overrides.status ?? problem.status;
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...overrides.headers },
    body: Buffer.from(JSON.stringify({ ...problem, status })),
  };
}
