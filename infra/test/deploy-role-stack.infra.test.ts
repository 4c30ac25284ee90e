import { describe, expect, it } from 'vitest';
import { synthStage, templateOf } from './support/synth-stage.ts';

const example = synthStage('example');
const deployRole = templateOf(example, 'DeployRole');

describe('the role of the deploy workflow', () => {
  it('is had by one environment of one repository alone', () => {
    const roles = Object.values(deployRole.findResources('AWS::IAM::Role'));

    expect(roles).toHaveLength(1);
    expect(roles[0]?.['Properties'].AssumeRolePolicyDocument.Statement).toMatchObject([
      {
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': 'repo:example/afterimage:environment:example',
          },
        },
      },
    ]);
  });

  it("becomes CDK's roles of its region, pushes images, notes what is deployed, and can do nothing else", () => {
    const [policy] = Object.values(deployRole.findResources('AWS::IAM::Policy'));
    const statements: { Action: string | string[]; Resource: unknown }[] =
      policy?.['Properties'].PolicyDocument.Statement;
    const services = statements.flatMap(({ Action }) => Action).map((action) => action.split(':')[0]);

    expect(new Set(services)).toEqual(new Set(['sts', 'ecr', 'ssm']));
    expect(JSON.stringify(statements[0]?.Resource).match(/cdk-hnb659fds-[a-z-]+-role/g)).toHaveLength(4);
  });

  it('uses the identity provider that is there, where it shall make none', () => {
    const github = { repository: 'example/afterimage', createProvider: false };
    const template = templateOf(synthStage('example', { config: { github } }), 'DeployRole');

    expect(template.findResources('AWS::IAM::OIDCProvider')).toEqual({});
    expect(JSON.stringify(template.toJSON())).toContain(':oidc-provider/token.actions.githubusercontent.com');
  });

  it('is not there for a stage that people deploy', () => {
    expect([...synthStage('dev').templates.keys()]).not.toContain('DeployRole');
  });
});
