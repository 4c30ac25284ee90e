import { Duration } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Peer, Port, SecurityGroup, type IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  DesyncMitigationMode,
  ListenerAction,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { AdminConfig } from '../../config/admin-config.ts';
import { resourceName, type StageContext } from '../../stage-context.ts';
import { WebAcl } from '../web-acl.ts';
import type { SignIn } from './sign-in.ts';

/** An operator's page asks often, and several operators can share an address. */
const REQUESTS_PER_ADDRESS = 20_000;

export interface AdminLoadBalancerProps {
  readonly context: StageContext;
  readonly admin: AdminConfig;
  readonly vpc: IVpc;
  readonly accessLogs: IBucket;
}

/** The load balancer of the console: HTTPS alone, behind a firewall, and nobody passes who is not signed in. */
export class AdminLoadBalancer extends Construct {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly #props: AdminLoadBalancerProps;

  constructor(scope: Construct, id: string, props: AdminLoadBalancerProps) {
    super(scope, id);
    this.#props = props;
    const { context, admin, vpc, accessLogs } = props;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'HTTPS from operators',
      allowAllOutbound: false,
    });
    for (const cidr of admin.allowedCidrs) {
      for (const port of [443, 80]) securityGroup.addIngressRule(Peer.ipv4(cidr), Port.tcp(port), 'operators');
    }
    this.loadBalancer = new ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      loadBalancerName: resourceName(context.config, 'admin'),
      internetFacing: true,
      securityGroup,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: DesyncMitigationMode.STRICTEST,
      deletionProtection: !context.config.deletable,
    });
    this.loadBalancer.logAccessLogs(accessLogs, 'admin-load-balancer');
    const acl = new WebAcl(this, 'Firewall', { context, name: 'admin', requestsPerAddress: REQUESTS_PER_ADDRESS });
    new CfnWebACLAssociation(this, 'FirewallOfLoadBalancer', {
      resourceArn: this.loadBalancer.loadBalancerArn,
      webAclArn: acl.arn,
    });
    this.#name();
  }

  /** Lets operators who are signed in through to the group that this returns. */
  serve(signIn: SignIn, port: number): ApplicationTargetGroup {
    const targets = new ApplicationTargetGroup(this, 'Targets', {
      vpc: this.#props.vpc,
      targetType: TargetType.IP,
      protocol: ApplicationProtocol.HTTP,
      port,
      healthCheck: {
        path: '/health',
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
      },
      deregistrationDelay: Duration.seconds(20),
    });
    this.loadBalancer.addListener('Https', {
      port: 443,
      protocol: ApplicationProtocol.HTTPS,
      sslPolicy: SslPolicy.RECOMMENDED_TLS,
      certificates: [Certificate.fromCertificateArn(this, 'Certificate', this.#props.admin.domain.certificateArn)],
      open: false,
      defaultAction: signIn.before(ListenerAction.forward([targets])),
    });
    this.loadBalancer.addListener('Http', {
      port: 80,
      open: false,
      defaultAction: ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
    });
    return targets;
  }

  #name(): void {
    const { name, hostedZone } = this.#props.admin.domain;
    if (hostedZone === undefined) return;
    const { id: hostedZoneId, name: zoneName } = hostedZone;
    new ARecord(this, 'Alias', {
      zone: HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName }),
      recordName: `${name}.`,
      target: RecordTarget.fromAlias(new LoadBalancerTarget(this.loadBalancer)),
    });
  }
}
