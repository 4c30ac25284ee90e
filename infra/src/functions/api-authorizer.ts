import type { Construct } from 'constructs';
import type { apiAuthorizerEnv } from '@afterimage/app-config';
import { AppFunction, type EnvironmentOf } from '../constructs/app-function.ts';
import { grantAccess } from '../constructs/grant.ts';
import type { StageContext } from '../stage-context.ts';
import type { DataResources } from '../stacks/data-stack.ts';
import { ACCESS } from './access.ts';

/** Says who calls, by the API key. */
export function apiAuthorizer(scope: Construct, context: StageContext, data: DataResources): AppFunction {
  const environment: EnvironmentOf<typeof apiAuthorizerEnv> = { JOB_TABLE: data.jobTable.tableName };
  const authorizer = new AppFunction(scope, 'ApiAuthorizer', {
    context,
    name: 'api-authorizer',
    description: 'API key to tenant and scopes',
    environment,
    timeoutSeconds: 5,
    // More than it needs, for the processor that comes with it: it stands before every request.
    memoryMb: 512,
  });
  grantAccess(authorizer.role, data, ACCESS['api-authorizer']);
  return authorizer;
}
