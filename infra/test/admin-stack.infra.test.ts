import type { Template } from 'aws-cdk-lib/assertions';
import { jobLogQuery } from '@afterimage/app-config';
import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../src/config/stage-config.ts';
import { synthStage, templateOf } from './support/synth-stage.ts';

const example = synthStage('example');
const admin = templateOf(example, 'Admin');
const propertiesOf = (type: string, template = admin) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);

function environmentOf(template: Template): ReadonlyMap<string, unknown> {
  const [task] = propertiesOf('AWS::ECS::TaskDefinition', template);
  const containers: { Name: string; Environment?: { Name: string; Value: unknown }[] }[] =
    task?.['ContainerDefinitions'];
  const { Environment = [] } = containers.find(({ Name }) => Name === 'admin') ?? {};
  return new Map(Environment.map(({ Name, Value }) => [Name, Value]));
}

describe("the operators' console", () => {
  it('lets nobody through who is not signed in', () => {
    const listeners = propertiesOf('AWS::ElasticLoadBalancingV2::Listener');
    const https = listeners.find(({ Port }) => Port === 443);
    const http = listeners.find(({ Port }) => Port === 80);

    expect(https?.['DefaultActions'][0]).toMatchObject({ Type: 'authenticate-cognito', Order: 1 });
    expect(https?.['SslPolicy']).toMatch(/TLS13/);
    expect(http?.['DefaultActions']).toMatchObject([{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS' } }]);
    admin.resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 0);
  });

  it('is reached from the allowed addresses alone, behind a firewall', () => {
    const groups = propertiesOf('AWS::EC2::SecurityGroup');
    const ingress: { CidrIp?: string }[] = groups.flatMap(({ SecurityGroupIngress = [] }) => SecurityGroupIngress);

    expect(new Set(ingress.map(({ CidrIp }) => CidrIp))).toEqual(new Set(['198.51.100.0/24']));
    admin.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
  });

  it('asks operators for a second factor', () => {
    expect(propertiesOf('AWS::Cognito::UserPool')).toMatchObject([
      { MfaConfiguration: 'ON', AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }, UserPoolTier: 'PLUS' },
    ]);
    expect(propertiesOf('AWS::Cognito::UserPoolGroup').map(({ GroupName }) => GroupName)).toEqual([
      'viewer',
      'operator',
      'admin',
    ]);
  });

  it('runs on arm64 with a file system that cannot be written to, and not as root', () => {
    const [task] = propertiesOf('AWS::ECS::TaskDefinition');
    const containers: { Name: string; User: string }[] = task?.['ContainerDefinitions'];

    expect(task?.['RuntimePlatform']).toMatchObject({ CpuArchitecture: 'ARM64' });
    for (const container of containers) expect(container).toMatchObject({ ReadonlyRootFilesystem: true });
    expect(containers.find(({ Name }) => Name === 'admin')).toMatchObject({
      User: '65532:65532',
      DependsOn: [{ ContainerName: 'config', Condition: 'SUCCESS' }],
      MountPoints: [{ ContainerPath: '/config', ReadOnly: true }],
      Secrets: [{ Name: 'CURSOR_SECRET' }],
    });
  });

  it('goes back to the last version when the new one does not start', () => {
    expect(propertiesOf('AWS::ECS::Service')).toMatchObject([
      {
        DesiredCount: 2,
        DeploymentConfiguration: {
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
          MinimumHealthyPercent: 100,
        },
        NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
      },
    ]);
  });

  it('leads to the logs of a job, in every group that has some', () => {
    const link = String(environmentOf(admin).get('LOGS_LINK'));
    const [place = '', detail = ''] = link.split('#logsV2:logs-insights$3FqueryDetail$3D');
    // The console's own signs for what stands percent-encoded, twice outside of a value and once in it.
    const read = decodeURIComponent(decodeURIComponent(detail.replaceAll('$', '%')).replaceAll('*', '%'));
    const groups = [...read.matchAll(/~'(\/[^~)]+)/g)].map(([, name = '']) => name);
    const made = [...example.templates.values()].flatMap((template) => propertiesOf('AWS::Logs::LogGroup', template));

    expect(place).toBe('https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1');
    expect(read).toMatch(/^~\(end~0~start~-\{ageSeconds\}~timeType~'RELATIVE~unit~'seconds~editorString~'fields /);
    expect(read).toContain(`~editorString~'${jobLogQuery('{jobId}')}~isLiveTail~false~source~(~'/aws/lambda/`);
    expect(detail).toContain('{jobId}');
    expect(made.map(({ LogGroupName }) => LogGroupName)).toEqual(expect.arrayContaining(groups));
    const names = groups.map((name) => name.split('/').at(-1)?.replace('afterimage-example-', ''));
    expect(names.toSorted()).toEqual([...FUNCTIONS, 'admin', 'application'].toSorted());
  });

  it('leads to a trace of X-Ray', () => {
    expect(environmentOf(admin).get('TRACE_LINK')).toBe(
      'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#xray:traces/{traceId}',
    );
  });

  it('is not there without its configuration', () => {
    expect([...synthStage('dev').templates.keys()]).not.toContain('Admin');
  });
});

describe('another identity provider', () => {
  const oidc = {
    type: 'oidc' as const,
    issuer: 'https://id.example.com',
    authorizationEndpoint: 'https://id.example.com/authorize',
    tokenEndpoint: 'https://id.example.com/token',
    userInfoEndpoint: 'https://id.example.com/userinfo',
    clientId: 'afterimage',
    clientSecretName: 'afterimage/oidc',
    groupsClaim: 'groups',
    groups: { viewer: ['staff'], operator: ['on-call', 'sre'], admin: ['leads'] },
  };
  const config = example.context.config.admin;
  if (config === undefined) throw new Error('the example has no console');
  const template = templateOf(synthStage('example', { config: { admin: { ...config, signIn: oidc } } }), 'Admin');

  it('signs operators in, and its groups are roles', () => {
    const https = propertiesOf('AWS::ElasticLoadBalancingV2::Listener', template).find(({ Port }) => Port === 443);

    expect(https?.['DefaultActions'][0]).toMatchObject({
      Type: 'authenticate-oidc',
      AuthenticateOidcConfig: { Issuer: oidc.issuer, ClientId: 'afterimage' },
    });
    template.resourceCountIs('AWS::Cognito::UserPool', 0);
    const [task] = propertiesOf('AWS::ECS::TaskDefinition', template);
    expect(JSON.stringify(task)).toContain('{"Name":"OPERATOR_GROUPS","Value":"on-call,sre"}');
  });
});
