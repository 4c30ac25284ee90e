import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { OidcProviderNative, PolicyStatement, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { GitHubConfig } from '../config/stage-config.ts';
import { CONTAINER_APPS, repositoryName } from '../constructs/images.ts';
import { resourceName, stackProps, type StageContext } from '../stage-context.ts';

export interface DeployRoleStackProps extends StageContext {
  readonly github: GitHubConfig;
}

const ISSUER = 'token.actions.githubusercontent.com';
/** Of CDK's bootstrap, unless it was given another one. */
const QUALIFIER = 'hnb659fds';

/** The role of the deploy workflow: it may become CDK's own roles, push images, and note what is deployed; only one environment has it. */
export class DeployRoleStack extends Stack {
  constructor(scope: Construct, id: string, props: DeployRoleStackProps) {
    super(scope, id, stackProps(props, 'deploy-role', 'role of the deploy workflow'));
    const { config, github } = props;
    const provider = this.#provider(github);
    const role = new Role(this, 'Role', {
      roleName: resourceName(config, 'deploy'),
      description: `Deploys Afterimage ${config.stage} from ${github.repository}`,
      maxSessionDuration: Duration.hours(2),
      assumedBy: new WebIdentityPrincipal(provider, {
        StringEquals: {
          [`${ISSUER}:aud`]: 'sts.amazonaws.com',
          [`${ISSUER}:sub`]: `repo:${github.repository}:environment:${config.stage}`,
        },
      }),
    });
    const cdkRoles = ['deploy', 'file-publishing', 'image-publishing', 'lookup'].map((name) =>
      this.formatArn({
        service: 'iam',
        region: '',
        resource: 'role',
        resourceName: `cdk-${QUALIFIER}-${name}-role-${this.account}-${this.region}`,
      }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['sts:AssumeRole'], resources: cdkRoles }));
    role.addToPolicy(new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }));
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          'ecr:BatchCheckLayerAvailability',
          'ecr:BatchGetImage',
          'ecr:CompleteLayerUpload',
          'ecr:InitiateLayerUpload',
          'ecr:ListImages',
          'ecr:PutImage',
          'ecr:UploadLayerPart',
        ],
        resources: CONTAINER_APPS.map((app) =>
          this.formatArn({ service: 'ecr', resource: 'repository', resourceName: repositoryName(props, app) }),
        ),
      }),
    );
    // The commit that is deployed, with which the next deployment compares.
    role.addToPolicy(
      new PolicyStatement({
        actions: ['ssm:GetParameter', 'ssm:PutParameter'],
        resources: [
          this.formatArn({
            service: 'ssm',
            resource: 'parameter',
            resourceName: `afterimage/${config.stage}/deployed-commit`,
          }),
        ],
      }),
    );
    new CfnOutput(this, 'DeployRoleArn', {
      value: role.roleArn,
      description: 'AWS_DEPLOY_ROLE_ARN of the environment',
    });
  }

  #provider({ createProvider }: GitHubConfig): string {
    if (!createProvider) {
      return this.formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: ISSUER });
    }
    const provider = new OidcProviderNative(this, 'GitHub', {
      url: `https://${ISSUER}`,
      clientIds: ['sts.amazonaws.com'],
    });
    return provider.oidcProviderArn;
  }
}
