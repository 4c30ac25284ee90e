import { ConfigError, type ecsFargateAdminEnv } from '@afterimage/app-config';
import type * as z from 'zod';
import { makeAlbAuthenticate } from './alb-authenticate.ts';
import type { Authenticate } from './authenticate.ts';
import { authenticateLocally } from './local-authenticate.ts';
import { makeVerifyAccess, makeVerifyIdentity } from './verify-tokens.ts';

/** How operators sign in, by the configuration. */
export function authenticatorOf(config: z.infer<typeof ecsFargateAdminEnv>): Authenticate {
  if (config.AUTHENTICATION === 'local') return authenticateLocally;
  const { ALB_ARN: albArn, OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = config;
  if (albArn === undefined || issuer === undefined || clientId === undefined) {
    throw new ConfigError('ALB_ARN, OIDC_ISSUER and OIDC_CLIENT_ID must be set where operators sign in');
  }
  const from = { albArn, issuer, clientId };
  return makeAlbAuthenticate({
    verifyIdentity: makeVerifyIdentity(from),
    verifyAccess: config.GROUPS_TOKEN === 'access' ? makeVerifyAccess(from) : undefined,
    groupsClaim: config.GROUPS_CLAIM,
    roleGroups: { viewer: config.VIEWER_GROUPS, operator: config.OPERATOR_GROUPS, admin: config.ADMIN_GROUPS },
  });
}
