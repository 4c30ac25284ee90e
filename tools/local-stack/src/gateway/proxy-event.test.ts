import {
  APIGatewayProxyEventSchema,
  APIGatewayRequestAuthorizerEventSchema,
} from '@aws-lambda-powertools/parser/schemas/api-gateway';
import { describe, expect, it } from 'vitest';
import { aRoutedRequest, CREATE_ROUTE, JOB_ROUTE, LIST_ROUTE } from '../../test/requests.ts';
import { authorizerEvent, proxyEvent } from './proxy-event.ts';

const ALLOWED = { tenantId: 'local', keyId: 'k', scopes: 'jobs:read', principalId: 'k' };

describe('proxyEvent', () => {
  it('is an event of API Gateway, with a body and without', () => {
    const create = proxyEvent(aRoutedRequest(CREATE_ROUTE), Buffer.from('{}'), ALLOWED, 3);
    const job = aRoutedRequest(JOB_ROUTE, { path: '/v1/jobs/j', pathParameters: { id: 'j' }, query: 'a=1' });

    expect(() => APIGatewayProxyEventSchema.parse(create)).not.toThrow();
    expect(() => APIGatewayProxyEventSchema.parse(proxyEvent(job, Buffer.alloc(0), null, 0))).not.toThrow();
  });

  it('has null for what is not there', () => {
    const event = proxyEvent(aRoutedRequest(LIST_ROUTE), Buffer.alloc(0), null, 0);

    expect(event).toMatchObject({
      resource: '/v1/jobs',
      path: '/v1/jobs',
      body: null,
      isBase64Encoded: false,
      pathParameters: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      stageVariables: null,
      requestContext: { authorizer: null },
    });
  });

  it('keeps the case of headers, the last value in one map and all in the other', () => {
    const headers = { 'X-Custom-Header': ['a', 'b'], authorization: ['Bearer x'] };
    const event = proxyEvent(aRoutedRequest(LIST_ROUTE, { headers }), Buffer.alloc(0), null, 0);

    expect(event.headers).toMatchObject({ 'X-Custom-Header': 'b', authorization: 'Bearer x' });
    expect(event.multiValueHeaders).toMatchObject({ 'X-Custom-Header': ['a', 'b'], authorization: ['Bearer x'] });
  });

  it('decodes the query, the last value in one map and all in the other', () => {
    const event = proxyEvent(
      aRoutedRequest(LIST_ROUTE, { query: 'status=a&status=b%20c&x' }),
      Buffer.alloc(0),
      null,
      0,
    );

    expect(event.queryStringParameters).toEqual({ status: 'b c', x: '' });
    expect(event.multiValueQueryStringParameters).toEqual({ status: ['a', 'b c'], x: [''] });
  });

  it.each([
    ['application/json', false],
    ['application/json; charset=utf-8', false],
    ['application/problem+json', false],
    ['text/plain', false],
    ['image/png', true],
    ['application/octet-stream', true],
    ['application/jsonlines', true],
  ])('has a body of %s as base64: %s', (contentType, isBase64Encoded) => {
    const routed = aRoutedRequest(CREATE_ROUTE, { headers: { 'Content-Type': [contentType] } });
    const body = Buffer.from('grün');

    expect(proxyEvent(routed, body, null, 0)).toMatchObject({
      isBase64Encoded,
      body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    });
  });

  it('takes a body without a content type for text', () => {
    expect(proxyEvent(aRoutedRequest(CREATE_ROUTE), Buffer.from('{}'), null, 0).body).toBe('{}');
  });

  it('tells who calls, when and from where', () => {
    const headers = { 'User-Agent': ['curl/8'], 'x-api-key': ['ai_k_s'] };
    const { requestContext } = proxyEvent(aRoutedRequest(LIST_ROUTE, { headers }), Buffer.alloc(0), ALLOWED, 3);

    expect(requestContext).toMatchObject({
      authorizer: { ...ALLOWED, integrationLatency: 3 },
      httpMethod: 'GET',
      identity: { sourceIp: '127.0.0.1', userAgent: 'curl/8', apiKey: 'ai_k_s', user: null },
      path: '/local/v1/jobs',
      requestTime: '04/Mar/2026:05:06:07 +0000',
      requestTimeEpoch: Date.parse('2026-03-04T05:06:07.890Z'),
      resourcePath: '/v1/jobs',
      stage: 'local',
    });
  });
});

describe('authorizerEvent', () => {
  it('is an event of a REQUEST authorizer', () => {
    const event = authorizerEvent(aRoutedRequest(LIST_ROUTE));

    expect(() => APIGatewayRequestAuthorizerEventSchema.parse(event)).not.toThrow();
    expect(event.methodArn).toBe('arn:aws:execute-api:us-east-1:000000000000:local/local/GET/v1/jobs');
  });
});
