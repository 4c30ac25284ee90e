import { SecretValue, Stack } from 'aws-cdk-lib';
import {
  FeaturePlan,
  Mfa,
  OAuthScope,
  StandardThreatProtectionMode,
  UserPool,
  UserPoolClientIdentityProvider,
  UserPoolDomain,
  UserPoolGroup,
} from 'aws-cdk-lib/aws-cognito';
import { ListenerAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AuthenticateCognitoAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2-actions';
import type { Construct } from 'constructs';
import type { AdminConfig, SignInConfig } from '../../config/admin-config.ts';
import { dataRemoval, resourceName, type StageContext } from '../../stage-context.ts';

type Config<Type extends SignInConfig['type']> = Extract<SignInConfig, { type: Type }>;

/** How the load balancer signs operators in, and what the console needs to know to believe it. */
export interface SignIn {
  /** Signs in, then goes on. */
  before(next: ListenerAction): ListenerAction;
  readonly environment: Readonly<
    Record<
      'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'GROUPS_CLAIM' | 'GROUPS_TOKEN' | `${'VIEWER' | 'OPERATOR' | 'ADMIN'}_GROUPS`,
      string
    >
  >;
}

const ROLES = ['viewer', 'operator', 'admin'] as const;

function withUserPool(
  scope: Construct,
  { config }: StageContext,
  admin: AdminConfig,
  { domainPrefix }: Config<'cognito'>,
): SignIn {
  const userPool = new UserPool(scope, 'Operators', {
    userPoolName: resourceName(config, 'operators'),
    signInAliases: { email: true },
    selfSignUpEnabled: false,
    mfa: Mfa.REQUIRED,
    mfaSecondFactor: { otp: true, sms: false },
    passwordPolicy: {
      minLength: 14,
      requireDigits: true,
      requireLowercase: true,
      requireSymbols: true,
      requireUppercase: true,
    },
    // Refuses passwords known from leaks, and sign-ins that look like an attack.
    featurePlan: FeaturePlan.PLUS,
    standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
    deletionProtection: !config.deletable,
    removalPolicy: dataRemoval(config),
  });
  for (const groupName of ROLES) new UserPoolGroup(scope, `Group-${groupName}`, { userPool, groupName });
  const userPoolDomain = new UserPoolDomain(scope, 'SignInPage', { userPool, cognitoDomain: { domainPrefix } });
  const userPoolClient = userPool.addClient('LoadBalancer', {
    generateSecret: true,
    preventUserExistenceErrors: true,
    supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
      callbackUrls: [`https://${admin.domain.name}/oauth2/idpresponse`],
    },
  });
  return {
    before: (next) => new AuthenticateCognitoAction({ userPool, userPoolClient, userPoolDomain, next }),
    environment: {
      OIDC_ISSUER: `https://cognito-idp.${Stack.of(scope).region}.amazonaws.com/${userPool.userPoolId}`,
      OIDC_CLIENT_ID: userPoolClient.userPoolClientId,
      GROUPS_CLAIM: 'cognito:groups',
      GROUPS_TOKEN: 'access',
      VIEWER_GROUPS: 'viewer',
      OPERATOR_GROUPS: 'operator',
      ADMIN_GROUPS: 'admin',
    },
  };
}

function withProvider({ groups, groupsClaim, clientSecretName, ...provider }: Config<'oidc'>): SignIn {
  const { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId } = provider;
  const clientSecret = SecretValue.secretsManager(clientSecretName);
  return {
    before: (next) =>
      ListenerAction.authenticateOidc({
        issuer,
        authorizationEndpoint,
        tokenEndpoint,
        userInfoEndpoint,
        clientId,
        clientSecret,
        next,
      }),
    environment: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: clientId,
      GROUPS_CLAIM: groupsClaim,
      GROUPS_TOKEN: 'identity',
      VIEWER_GROUPS: groups.viewer.join(','),
      OPERATOR_GROUPS: groups.operator.join(','),
      ADMIN_GROUPS: groups.admin.join(','),
    },
  };
}

/** The sign-in that the configuration asks for. */
export function signIn(scope: Construct, context: StageContext, admin: AdminConfig): SignIn {
  return admin.signIn.type === 'cognito'
    ? withUserPool(scope, context, admin, admin.signIn)
    : withProvider(admin.signIn);
}
