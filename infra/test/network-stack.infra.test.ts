import { describe, expect, it } from 'vitest';
import { synthStage, templateOf } from './support/synth-stage.ts';

const prod = synthStage('prod');
const network = templateOf(prod, 'Network');

describe('the network', () => {
  it('has a public and a private subnet in each zone, and gives no public addresses', () => {
    const subnets = Object.values(network.findResources('AWS::EC2::Subnet')).map(({ Properties }) => Properties);

    expect(new Set(subnets.map(({ AvailabilityZone }) => AvailabilityZone))).toEqual(
      new Set(['us-east-1a', 'us-east-1b', 'us-east-1c']),
    );
    expect(subnets).toHaveLength(6);
    for (const { MapPublicIpOnLaunch } of subnets) expect(MapPublicIpOnLaunch).toBe(false);
  });

  it('tags the private subnets, and no others, for Karpenter', () => {
    const tagged = Object.entries(network.findResources('AWS::EC2::Subnet')).filter(([, { Properties }]) =>
      Properties.Tags.some(
        (tag: { Key: string; Value: string }) =>
          tag.Key === 'karpenter.sh/discovery' && tag.Value === 'afterimage-prod',
      ),
    );

    expect(tagged).toHaveLength(3);
    for (const [id] of tagged) expect(id).toContain('private');
  });

  it('has one NAT gateway unless there shall be more', () => {
    network.resourceCountIs('AWS::EC2::NatGateway', 1);
    templateOf(synthStage('example'), 'Network').resourceCountIs('AWS::EC2::NatGateway', 3);
    expect(prod.context.config.network.natGateways).toBe(1);
  });

  it('reaches S3 and DynamoDB past the NAT gateway', () => {
    const services = Object.values(network.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => Properties);

    expect(services.map(({ VpcEndpointType }) => VpcEndpointType)).toEqual(['Gateway', 'Gateway']);
    expect(JSON.stringify(services)).toMatch(/\.s3".*\.dynamodb"/);
  });

  it('logs what it refuses', () => {
    network.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'REJECT', ResourceType: 'VPC' });
    expect(Object.values(network.findResources('AWS::Logs::LogGroup'))).toMatchObject([
      { Properties: { RetentionInDays: 90 } },
    ]);
  });
});
