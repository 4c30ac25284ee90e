import { Duration } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RequestAuthorizer,
  ResponseTransferMode,
  RestApi,
  type Resource,
} from 'aws-cdk-lib/aws-apigateway';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { API_ROUTES, STREAMING_FUNCTIONS, type ApiFunction, type ApiRoute } from '@afterimage/app-config';
import { resourceName, type StageContext } from '../stage-context.ts';
import { addApiDomain } from './api-domain.ts';
import { answerWithProblems } from './gateway-problems.ts';
import { retainedLogGroup } from './log-group.ts';
import { refuseOtherMethods } from './method-not-allowed.ts';
import { WebAcl } from './web-acl.ts';

/** Longest that API Gateway waits for a function without streaming. */
const INTEGRATION_TIMEOUT = Duration.seconds(29);
const STREAM_TIMEOUT = Duration.minutes(15);
const STAGE_NAME = 'live';

/** Who, what and how long; no header and no query, which may hold keys. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTimeEpoch',
    method: '$context.httpMethod',
    resource: '$context.resourcePath',
    status: '$context.status',
    bytes: '$context.responseLength',
    latencyMs: '$context.responseLatency',
    integrationMs: '$context.integrationLatency',
    authorizerMs: '$context.authorizer.latency',
    tenantId: '$context.authorizer.tenantId',
    keyId: '$context.authorizer.keyId',
    address: '$context.identity.sourceIp',
    userAgent: '$context.identity.userAgent',
    error: '$context.error.responseType',
    traceId: '$context.xrayTraceId',
  }),
);

/** The REST API in front of its functions: throttled, traced, logged and behind a firewall. */
export class PublicApi extends Construct {
  /** Where clients find it, without a slash at its end. */
  readonly url: string;
  readonly api: RestApi;
  readonly stageName = STAGE_NAME;

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    const { config } = context;
    const { domain, throttle, requestsPerAddress } = config.api;
    const accessLog = retainedLogGroup(this, 'AccessLog', config);
    this.api = new RestApi(this, 'Api', {
      restApiName: resourceName(config, 'api'),
      description: `Afterimage ${config.stage}`,
      endpointTypes: [EndpointType.REGIONAL],
      // Images and compressed pages leave a function in base64.
      binaryMediaTypes: ['*/*'],
      disableExecuteApiEndpoint: domain !== undefined,
      cloudWatchRole: true,
      deployOptions: {
        stageName: STAGE_NAME,
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        // Would log bodies, which hold prompts.
        dataTraceEnabled: false,
        throttlingRateLimit: throttle.ratePerSecond,
        throttlingBurstLimit: throttle.burst,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: ACCESS_LOG,
      },
    });
    if (domain !== undefined) addApiDomain(this, this.api, domain);
    // Put together from the API's id alone: the functions are told this address, and the stage depends on the functions.
    this.url =
      domain === undefined
        ? `https://${this.api.restApiId}.execute-api.${config.region}.amazonaws.com/${STAGE_NAME}`
        : `https://${domain.name}`;
    answerWithProblems(this.api);
    const acl = new WebAcl(this, 'Firewall', { context, name: 'api', requestsPerAddress });
    new CfnWebACLAssociation(this, 'FirewallOfStage', {
      resourceArn: this.api.deploymentStage.stageArn,
      webAclArn: acl.arn,
    });
  }

  /** Adds every route of the API. */
  serve(authorizerFunction: Function, backends: Readonly<Record<ApiFunction, Function>>): void {
    const authorizer = new RequestAuthorizer(this, 'Authorizer', {
      handler: authorizerFunction,
      // Nothing is kept: a key comes in one of two headers, and the cache would ask for both.
      identitySources: [],
      resultsCacheTtl: Duration.seconds(0),
    });
    const methods = new Map<Resource, string[]>();
    const integrations = new Map<ApiFunction, LambdaIntegration>();
    const integrationOf = (name: ApiFunction) => {
      const known = integrations.get(name) ?? this.#integration(backends[name], STREAMING_FUNCTIONS.has(name));
      integrations.set(name, known);
      return known;
    };
    for (const route of API_ROUTES as readonly ApiRoute[]) {
      const resource = this.api.root.resourceForPath(route.path);
      resource.addMethod(
        route.method,
        integrationOf(route.function),
        route.scope === null
          ? { authorizationType: AuthorizationType.NONE }
          : { authorizer, authorizationType: AuthorizationType.CUSTOM },
      );
      methods.set(resource, [...(methods.get(resource) ?? []), route.method]);
    }
    for (const [resource, allowed] of methods) refuseOtherMethods(resource, allowed);
  }

  #integration(handler: Function, streams: boolean): LambdaIntegration {
    return new LambdaIntegration(handler, {
      // One permission for all routes of a function: one each would not fit into its policy.
      scopePermissionToMethod: false,
      timeout: streams ? STREAM_TIMEOUT : INTEGRATION_TIMEOUT,
      ...(streams ? { responseTransferMode: ResponseTransferMode.STREAM } : {}),
    });
  }
}
