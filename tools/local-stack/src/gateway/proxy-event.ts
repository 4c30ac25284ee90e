import { randomBytes } from 'node:crypto';
import type { ApiRoute } from '@afterimage/app-config';
import type { APIGatewayEventRequestContext, APIGatewayProxyEvent, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { ACCOUNT_ID, REGION } from '../lambda/definition.ts';
import { headerOf, type GatewayRequest, type MultiMap } from './gateway-request.ts';

export const STAGE = 'local';
const API_ID = 'local';

export interface RoutedRequest {
  readonly request: GatewayRequest;
  readonly route: ApiRoute;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/** What the authorizer let through, as strings. */
export type AuthorizerContext = Readonly<Record<string, string>>;

const TEXT_TYPE = /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded)\b|[^;]+\+(json|xml)\b)/i;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function lastValues(map: MultiMap): Record<string, string> {
  return Object.fromEntries([...map].map(([name, values]) => [name, values.at(-1) ?? '']));
}

function allValues(map: MultiMap): Record<string, string[]> {
  return Object.fromEntries([...map].map(([name, values]) => [name, [...values]]));
}

function queryMap(query: URLSearchParams): MultiMap {
  return new Map([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));
}

/** In the form of the Common Log Format, as API Gateway writes it. */
function requestTime(date: Date): string {
  const [day, time] = date.toISOString().split('T');
  const [year, month, dayOfMonth] = (day ?? '').split('-');
  return `${dayOfMonth}/${MONTHS[Number(month) - 1]}/${year}:${(time ?? '').slice(0, 8)} +0000`;
}

/** ARN of the method, which the authorizer's policy allows or denies. */
export function methodArn({ request }: RoutedRequest): string {
  return `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:${API_ID}/${STAGE}/${request.method}${request.path}`;
}

function requestContext(
  { request, route }: RoutedRequest,
  authorizer: Record<string, unknown> | null,
): APIGatewayEventRequestContext {
  const host = headerOf(request.headers, 'host') ?? 'localhost';
  return {
    accountId: ACCOUNT_ID,
    apiId: API_ID,
    authorizer,
    domainName: host.replace(/:\d+$/, ''),
    domainPrefix: host.split(/[.:]/)[0] ?? '',
    extendedRequestId: randomBytes(11).toString('base64url'),
    httpMethod: request.method,
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: headerOf(request.headers, 'x-api-key') ?? null,
      apiKeyId: null,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: request.sourceIp,
      user: null,
      userAgent: headerOf(request.headers, 'user-agent') ?? null,
      userArn: null,
    },
    path: `/${STAGE}${request.path}`,
    protocol: request.protocol,
    requestId: request.requestId,
    requestTime: requestTime(request.receivedAt),
    requestTimeEpoch: request.receivedAt.getTime(),
    resourceId: Buffer.from(route.path).toString('hex').slice(-6),
    resourcePath: route.path,
    stage: STAGE,
  };
}

/** The body as text, or as base64 when its content type is not a text; null when there is none. */
function bodyFields(request: GatewayRequest, body: Buffer): Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'> {
  if (body.length === 0) return { body: null, isBase64Encoded: false };
  // API Gateway takes a body without a content type for JSON.
  const isText = TEXT_TYPE.test(headerOf(request.headers, 'content-type') ?? 'application/json');
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

function commonFields({ request, route, pathParameters }: RoutedRequest) {
  const query = queryMap(request.query);
  return {
    resource: route.path,
    path: request.path,
    httpMethod: request.method,
    headers: lastValues(request.headers),
    multiValueHeaders: allValues(request.headers),
    queryStringParameters: query.size === 0 ? null : lastValues(query),
    multiValueQueryStringParameters: query.size === 0 ? null : allValues(query),
    pathParameters: pathParameters === null ? null : { ...pathParameters },
    stageVariables: null,
  };
}

/** Event of a REST API's Lambda proxy integration (payload format 1.0). */
export function proxyEvent(
  routed: RoutedRequest,
  body: Buffer,
  authorizer: (AuthorizerContext & { readonly principalId: string }) | null,
  authorizerLatencyMs: number,
): APIGatewayProxyEvent {
  const context = authorizer === null ? null : { ...authorizer, integrationLatency: authorizerLatencyMs };
  return {
    ...commonFields(routed),
    ...bodyFields(routed.request, body),
    requestContext: requestContext(routed, context),
  };
}

/** Event of a REQUEST authorizer; here, unlike in a proxy event, maps without entries are empty instead of null. */
export function authorizerEvent(routed: RoutedRequest): APIGatewayRequestAuthorizerEvent {
  const common = commonFields(routed);
  const { authorizer: _none, ...context } = requestContext(routed, null);
  return {
    type: 'REQUEST',
    methodArn: methodArn(routed),
    ...common,
    queryStringParameters: common.queryStringParameters ?? {},
    multiValueQueryStringParameters: common.multiValueQueryStringParameters ?? {},
    pathParameters: common.pathParameters ?? {},
    stageVariables: {},
    requestContext: { ...context, authorizer: undefined },
  };
}
