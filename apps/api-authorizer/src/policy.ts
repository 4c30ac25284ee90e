import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import type { Principal } from '@afterimage/app-host/lambda';

/**
 * Allows the principal every route of the stage: API Gateway keeps the answer for a key and uses it for its other routes
 * too. What a key may do there is decided by its scopes, which travel in the context.
 * @param methodArn `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH`
 */
export function allowStage(principal: Principal, methodArn: string): APIGatewayAuthorizerResult {
  const [api = '', stage = ''] = methodArn.split('/');
  return {
    principalId: principal.keyId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: `${api}/${stage}/*` }],
    },
    context: {
      tenantId: principal.tenantId,
      keyId: principal.keyId,
      scopes: principal.scopes.join(' '),
      quotas: JSON.stringify(principal.quotas ?? {}),
    },
  };
}
