import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { PROBLEMS, toProblem, type ProblemCode } from '@afterimage/job-schemas';

interface GatewayProblem {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Where it is not that of the problem. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const RETRY_SOON = { 'retry-after': '1' };
/** The firewall counts over five minutes. */
const RETRY_LATER = { 'retry-after': '300' };

/** What API Gateway answers by itself, by the name of its response type. */
const GATEWAY_PROBLEMS = {
  ACCESS_DENIED: { code: 'insufficient-scope', detail: 'this API key may not do this' },
  API_CONFIGURATION_ERROR: { code: 'internal', detail: 'the request failed' },
  AUTHORIZER_CONFIGURATION_ERROR: { code: 'internal', detail: 'the authorizer failed' },
  AUTHORIZER_FAILURE: { code: 'internal', detail: 'the authorizer failed' },
  BAD_REQUEST_BODY: { code: 'malformed-request', detail: 'the body cannot be read' },
  BAD_REQUEST_PARAMETERS: { code: 'malformed-request', detail: 'the parameters cannot be read' },
  DEFAULT_4XX: { code: 'malformed-request', detail: 'the request cannot be served' },
  DEFAULT_5XX: { code: 'internal', detail: 'the request failed' },
  INTEGRATION_FAILURE: { code: 'internal', detail: 'the function failed', status: 502 },
  INTEGRATION_TIMEOUT: { code: 'unavailable', detail: 'the function did not answer in time', status: 504 },
  MISSING_AUTHENTICATION_TOKEN: { code: 'not-found', detail: 'there is nothing at this path' },
  REQUEST_TOO_LARGE: { code: 'payload-too-large', detail: 'the request is larger than a function can take' },
  RESOURCE_NOT_FOUND: { code: 'not-found', detail: 'there is nothing at this path' },
  THROTTLED: { code: 'rate-limited', detail: 'the API takes no more requests now', headers: RETRY_SOON },
  UNAUTHORIZED: {
    code: 'unauthenticated',
    detail: 'the API key is missing or not valid',
    headers: { 'www-authenticate': 'Bearer' },
  },
  UNSUPPORTED_MEDIA_TYPE: { code: 'unsupported-media-type', detail: 'Content-Type must be application/json' },
  WAF_FILTERED: {
    code: 'rate-limited',
    detail: 'there were too many requests from this address',
    headers: RETRY_LATER,
  },
} as const satisfies Record<string, GatewayProblem>;

/** Filled in by API Gateway. Of the request only what cannot break the JSON: a path is percent-encoded. */
const WHERE = { instance: '$context.path', requestId: '$context.requestId' };

/** The body of a problem as a template of API Gateway. */
export function problemTemplate({ code, detail, status }: GatewayProblem): string {
  return JSON.stringify({ ...toProblem(code, { detail }, WHERE), status: status ?? PROBLEMS[code].status });
}

function headersOf({ headers = {} }: GatewayProblem): Record<string, string> {
  const all = { 'content-type': 'application/problem+json', 'x-request-id': 'context.requestId', ...headers };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, value.startsWith('context.') ? value : `'${value}'`]),
  );
}

/** Gives API Gateway's own errors the shape of the API's: a client reads one kind of error, whoever made it. */
export function answerWithProblems(api: RestApi): void {
  for (const [name, problem] of Object.entries<GatewayProblem>(GATEWAY_PROBLEMS)) {
    api.addGatewayResponse(name, {
      type: ResponseType.of(name),
      statusCode: String(problem.status ?? PROBLEMS[problem.code].status),
      responseHeaders: headersOf(problem),
      templates: { 'application/json': problemTemplate(problem) },
    });
  }
}
