import {
  AuthorizationType,
  ContentHandling,
  MockIntegration,
  PassthroughBehavior,
  type Resource,
} from 'aws-cdk-lib/aws-apigateway';
import { problemTemplate } from './gateway-problems.ts';

/** As the template language of API Gateway sees it: the mock answers with the status that it is given. */
const STATUS_BY_METHOD = '#if($context.httpMethod == "OPTIONS"){"statusCode": 204}#else{"statusCode": 405}#end';

/**
 * Answers the methods that a path does not take: 204 to OPTIONS, 405 to the others, both with `Allow`. API Gateway by
 * itself would answer 403, as to a path that is not there.
 */
export function refuseOtherMethods(resource: Resource, methods: readonly string[]): void {
  const allow = ['OPTIONS', ...methods].join(', ');
  const detail = `this path takes ${allow}`;
  const headers = { 'method.response.header.Allow': `'${allow}'` };
  const integration = new MockIntegration({
    passthroughBehavior: PassthroughBehavior.NEVER,
    // Every type is binary to this API, and a mock reads text alone.
    contentHandling: ContentHandling.CONVERT_TO_TEXT,
    requestTemplates: { 'application/json': STATUS_BY_METHOD },
    integrationResponses: [
      { statusCode: '204', selectionPattern: '204', responseParameters: headers },
      {
        statusCode: '405',
        responseParameters: {
          ...headers,
          'method.response.header.Content-Type': "'application/problem+json'",
        },
        responseTemplates: { 'application/json': problemTemplate({ code: 'method-not-allowed', detail }) },
      },
    ],
  });
  resource.addMethod('ANY', integration, {
    authorizationType: AuthorizationType.NONE,
    methodResponses: [
      { statusCode: '204', responseParameters: { 'method.response.header.Allow': true } },
      {
        statusCode: '405',
        responseParameters: {
          'method.response.header.Allow': true,
          'method.response.header.Content-Type': true,
        },
      },
    ],
  });
}
