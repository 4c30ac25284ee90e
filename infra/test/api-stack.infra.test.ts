import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { API_ROUTES, STREAMING_FUNCTIONS, type ApiRoute } from '@afterimage/app-config';
import { problemSchema } from '@afterimage/job-schemas';
import { synthStage, templateOf } from './support/synth-stage.ts';

const stage = synthStage('example');
const api = templateOf(stage, 'Api');
const propertiesOf = (type: string, like: object = {}) =>
  Object.values(api.findResources(type, { Properties: like })).map(({ Properties }) => Properties);

const resourceSchema = z.object({
  Properties: z.object({ PathPart: z.string(), ParentId: z.union([z.object({ Ref: z.string() }), z.looseObject({})]) }),
});

/** `METHOD /path` of a method, by the resources above it. */
const paths = new Map(
  Object.entries(api.findResources('AWS::ApiGateway::Resource')).map(([id, resource]) => {
    const { PathPart, ParentId } = resourceSchema.parse(resource).Properties;
    return [id, { part: PathPart, parent: 'Ref' in ParentId ? String(ParentId.Ref) : undefined }] as const;
  }),
);
function pathOf(id: string | undefined): string {
  const resource = id === undefined ? undefined : paths.get(id);
  return resource === undefined ? '' : `${pathOf(resource.parent)}/${resource.part}`;
}
const methods = new Map(
  propertiesOf('AWS::ApiGateway::Method').map((method) => [
    `${method['HttpMethod']} ${pathOf(method['ResourceId'].Ref)}`,
    method,
  ]),
);

describe.each(API_ROUTES as readonly ApiRoute[])('$method $path', (route) => {
  const method = methods.get(`${route.method} ${route.path}`);

  it(`asks ${route.scope === null ? 'nobody' : 'the authorizer'} who calls`, () => {
    expect(method?.['AuthorizationType']).toBe(route.scope === null ? 'NONE' : 'CUSTOM');
  });

  it('goes to its function, and streams where that streams', () => {
    const integration = JSON.stringify(method?.['Integration']);
    const streams = STREAMING_FUNCTIONS.has(route.function);

    expect(integration.toLowerCase()).toContain(route.function.replace('-', ''));
    expect(method?.['Integration'].ResponseTransferMode).toBe(streams ? 'STREAM' : undefined);
    expect(method?.['Integration'].TimeoutInMillis).toBe(streams ? 900_000 : 29_000);
  });

  it('answers other methods of its path with what it takes', () => {
    const other = JSON.stringify(methods.get(`ANY ${route.path}`)?.['Integration']);

    expect(other).toContain(route.method);
    expect(other).toContain('method-not-allowed');
  });
});

describe('the API', () => {
  it('has no route that the apps do not know', () => {
    const known = new Set(API_ROUTES.map(({ method, path }) => `${method} ${path}`));

    expect([...methods.keys()].filter((key) => !key.startsWith('ANY ') && !known.has(key))).toEqual([]);
  });

  it('takes and gives every type as it is', () => {
    expect(propertiesOf('AWS::ApiGateway::RestApi')).toMatchObject([
      { BinaryMediaTypes: ['*/*'], EndpointConfiguration: { Types: ['REGIONAL'] }, DisableExecuteApiEndpoint: true },
    ]);
  });

  it('is traced, throttled and logged, without bodies, headers or queries', () => {
    const [live] = propertiesOf('AWS::ApiGateway::Stage');

    expect(live).toMatchObject({
      TracingEnabled: true,
      MethodSettings: [
        { DataTraceEnabled: false, ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000, HttpMethod: '*' },
      ],
    });
    expect(live?.['AccessLogSetting'].Format).not.toMatch(/header|querystring|authorizer\.(?!latency|tenantId|keyId)/i);
  });

  it('is behind a firewall that keeps no keys in its log', () => {
    api.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
    expect(propertiesOf('AWS::WAFv2::LoggingConfiguration')[0]?.['RedactedFields']).toMatchObject([
      { SingleHeader: { Name: 'authorization' } },
      { SingleHeader: { Name: 'x-api-key' } },
      { SingleHeader: { Name: 'cookie' } },
    ]);
  });

  it('names the log of the firewall as the firewall wants it: without what comes after the name', () => {
    const [logging] = propertiesOf('AWS::WAFv2::LoggingConfiguration');

    expect(JSON.stringify(logging?.['LogDestinationConfigs'])).toMatch(/:log-group:","?.*Ref/);
    expect(JSON.stringify(logging?.['LogDestinationConfigs'])).not.toContain('Fn::GetAtt');
  });

  it('answers its own errors as problems', () => {
    const responses = propertiesOf('AWS::ApiGateway::GatewayResponse');

    expect(responses.map(({ ResponseType }) => ResponseType)).toEqual(
      expect.arrayContaining(['DEFAULT_4XX', 'DEFAULT_5XX', 'UNAUTHORIZED', 'THROTTLED', 'WAF_FILTERED']),
    );
    for (const { StatusCode, ResponseTemplates, ResponseParameters } of responses) {
      const problem = problemSchema.parse(JSON.parse(ResponseTemplates['application/json']));
      expect(String(problem.status)).toBe(StatusCode);
      expect(ResponseParameters['gatewayresponse.header.content-type']).toBe("'application/problem+json'");
    }
  });

  it('is at its own name', () => {
    api.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'api.images.example.com',
      SecurityPolicy: 'TLS_1_2',
    });
    expect(propertiesOf('AWS::Route53::RecordSet')).toMatchObject([{ Name: 'api.images.example.com.', Type: 'A' }]);
  });
});

describe('every function', () => {
  const functions = ['Api', 'Notifier'].flatMap((stack) =>
    Object.values(templateOf(stage, stack).findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties),
  );

  it('is Node.js 24 on arm64, traced, with a log of its own that ends', () => {
    expect(functions).toHaveLength(7);
    for (const properties of functions) {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.any(String) } },
      });
    }
    for (const { RetentionInDays } of propertiesOf('AWS::Logs::LogGroup')) expect(RetentionInDays).toBe(90);
  });

  it('has the concurrency that is kept for it', () => {
    const reserved = functions.map(({ FunctionName, ReservedConcurrentExecutions }) => [
      FunctionName,
      ReservedConcurrentExecutions,
    ]);

    expect(Object.fromEntries(reserved)).toMatchObject({
      'afterimage-example-submit-api': 200,
      'afterimage-example-wait-api': 300,
      'afterimage-example-status-api': undefined,
    });
  });

  it('of production that clients wait in has a concurrency of its own, so that waits keep nobody from sending jobs', () => {
    const production = templateOf(synthStage('prod'), 'Api');
    const [wait] = Object.values(
      production.findResources('AWS::Lambda::Function', { Properties: { FunctionName: 'afterimage-prod-wait-api' } }),
    );

    expect(wait?.['Properties'].ReservedConcurrentExecutions).toBeGreaterThan(0);
  });
});
