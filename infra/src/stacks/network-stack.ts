import { Stack, Tags, Validations } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  SubnetType,
  Vpc,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { retainedLogGroup } from '../constructs/log-group.ts';
import { clusterName, stackProps, type StageContext } from '../stage-context.ts';

/** Tag by which Karpenter finds the subnets of its nodes; its value is the cluster's name. */
export const DISCOVERY_TAG = 'karpenter.sh/discovery';

/** What the network stack offers to the others. */
export interface NetworkResources {
  /** Two or three zones, each with a public subnet and a private one that reaches the internet through NAT. */
  readonly vpc: IVpc;
}

export class NetworkStack extends Stack implements NetworkResources {
  readonly vpc: Vpc;
  readonly #zones: readonly string[];

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id, {
      ...stackProps(context, 'network', 'VPC, endpoints and flow logs'),
      terminationProtection: !context.config.deletable,
    });
    const { config } = context;
    this.#zones = config.availabilityZones;
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(config.network.cidr),
      availabilityZones: [...config.availabilityZones],
      natGateways: config.network.natGateways,
      // Nothing is in the default group; emptying it would take a function with rights over every security group.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 19 },
      ],
      // Layers of container images and models come from S3: these endpoints keep them off the NAT gateway, at no cost.
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    for (const subnet of this.vpc.privateSubnets) {
      Tags.of(subnet).add(DISCOVERY_TAG, clusterName(config));
      Tags.of(subnet).add('kubernetes.io/role/internal-elb', '1');
    }
    Validations.of(this).acknowledge({
      id: 'CloudFormation-Validate::W3010',
      reason: 'zones are configuration, and checked against the region',
    });
    this.vpc.addFlowLog('FlowLog', {
      destination: FlowLogDestination.toCloudWatchLogs(retainedLogGroup(this, 'FlowLogGroup', config)),
      trafficType: FlowLogTrafficType.REJECT,
    });
  }

  /** From the configuration: looking them up would need the account's credentials at synthesis. */
  override get availabilityZones(): string[] {
    return [...this.#zones];
  }
}
