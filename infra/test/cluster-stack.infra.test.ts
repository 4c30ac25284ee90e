import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { describe, expect, it } from 'vitest';
import { KUBERNETES } from '../src/constructs/cluster/versions.ts';
import { kubernetesObjects, objectOf } from './support/kubernetes-objects.ts';
import { propertiesOf } from './support/properties-of.ts';
import { synthStage, templateOf } from './support/synth-stage.ts';

const cluster = templateOf(synthStage('dev'), 'Cluster');

describe('the cluster', () => {
  it('has a kubectl of its own minor version', () => {
    const minor = KUBERNETES.version.version.split('.')[1];

    expect(KUBERNETES.KubectlLayer.name).toBe(`KubectlV${minor}Layer`);
    expect(propertiesOf(cluster, 'AWS::EKS::Cluster')).toMatchObject([{ Version: KUBERNETES.version.version }]);
  });

  it('encrypts secrets, logs everything, and is reached from within the VPC by access entries alone', () => {
    expect(propertiesOf(cluster, 'AWS::EKS::Cluster')).toMatchObject([
      {
        AccessConfig: { AuthenticationMode: 'API', BootstrapClusterCreatorAdminPermissions: false },
        EncryptionConfig: [{ Resources: ['secrets'], Provider: { KeyArn: expect.anything() } }],
        Logging: {
          ClusterLogging: {
            EnabledTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'].map((Type) => ({ Type })),
          },
        },
        ResourcesVpcConfig: { EndpointPrivateAccess: true, EndpointPublicAccess: false },
      },
    ]);
    expect(propertiesOf(cluster, 'AWS::KMS::Key')).toMatchObject([{ EnableKeyRotation: true }]);
  });

  it('has an end to every log that it writes', () => {
    const groups = Object.values(cluster.findResources('AWS::Logs::LogGroup'));
    const names = groups.map(({ Properties }) => Properties.LogGroupName).filter((name) => typeof name === 'string');

    expect(names).toEqual([
      '/aws/eks/afterimage-dev/cluster',
      ...['application', 'dataplane', 'host', 'performance'].map(
        (name) => `/aws/containerinsights/afterimage-dev/${name}`,
      ),
      'afterimage-dev-worker-metrics',
    ]);
    for (const { Properties } of groups) expect(Properties.RetentionInDays).toBeGreaterThan(0);
  });

  it('keeps the role of a system node from its pods, and its disks encrypted', () => {
    expect(propertiesOf(cluster, 'AWS::EC2::LaunchTemplate')).toMatchObject([
      {
        LaunchTemplateData: {
          MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
          BlockDeviceMappings: [{ Ebs: { Encrypted: true } }, { Ebs: { Encrypted: true } }],
        },
      },
    ]);
  });

  it('has system nodes of Bottlerocket on arm64, two at least', () => {
    expect(propertiesOf(cluster, 'AWS::EKS::Nodegroup')).toMatchObject([
      {
        AmiType: 'BOTTLEROCKET_ARM_64',
        ScalingConfig: { MinSize: 2 },
        NodeRepairConfig: { Enabled: true },
      },
    ]);
  });

  it('has every add-on, those that need a node after the nodes', () => {
    const addons = Object.values(cluster.findResources('AWS::EKS::Addon'));
    const nodes = Object.keys(cluster.findResources('AWS::EKS::Nodegroup'));
    const needNodes = addons.filter(({ DependsOn }) => [DependsOn].flat().some((id: string) => nodes.includes(id)));
    const names = (list: typeof addons) => list.map(({ Properties }) => Properties.AddonName).toSorted();

    expect(names(needNodes)).toEqual([
      'amazon-cloudwatch-observability',
      'aws-efs-csi-driver',
      'aws-mountpoint-s3-csi-driver',
      'coredns',
    ]);
    expect(names(addons.filter((addon) => !needNodes.includes(addon)))).toEqual([
      'eks-pod-identity-agent',
      'kube-proxy',
      'vpc-cni',
    ]);
  });

  it('enforces network policies, and measures GPUs', () => {
    const configuration = (name: string) => {
      const [addon] = Object.values(cluster.findResources('AWS::EKS::Addon', { Properties: { AddonName: name } }));
      return JSON.parse(addon?.Properties.ConfigurationValues);
    };

    expect(configuration('vpc-cni')).toEqual({ enableNetworkPolicy: 'true' });
    expect(configuration('amazon-cloudwatch-observability').agent.config.logs.metrics_collected.kubernetes).toEqual({
      enhanced_container_insights: true,
      accelerated_compute_metrics: true,
    });
  });

  it('lets nodes mount the file system of the models', () => {
    expect(propertiesOf(cluster, 'AWS::EC2::SecurityGroupIngress')).toMatchObject([
      {
        IpProtocol: 'tcp',
        FromPort: 2049,
        ToPort: 2049,
      },
    ]);
    expect(
      propertiesOf(cluster, 'AWS::EKS::PodIdentityAssociation', { ServiceAccount: 'efs-csi-node-sa' }),
    ).toMatchObject([{ Namespace: 'kube-system' }]);
  });
});

describe('a cluster that people look into', () => {
  const cidr = '192.0.2.0/24';
  const admin = 'arn:aws:iam::123456789012:role/operators';
  const config = { cluster: { publicAccessCidrs: [cidr], adminRoleArns: [admin] } };
  const open = templateOf(synthStage('dev', { config }), 'Cluster');

  it('is reached from their network, and from no other', () => {
    expect(propertiesOf(open, 'AWS::EKS::Cluster')[0].ResourcesVpcConfig).toMatchObject({
      EndpointPrivateAccess: true,
      EndpointPublicAccess: true,
      PublicAccessCidrs: [cidr],
    });
  });

  it('obeys them', () => {
    expect(propertiesOf(open, 'AWS::EKS::AccessEntry', { PrincipalArn: admin })).toMatchObject([
      { AccessPolicies: [{ AccessScope: { Type: 'cluster' } }] },
    ]);
  });
});

describe('the interruption queue', () => {
  it('hears of everything that ends a machine', () => {
    const rules = Object.values(cluster.findResources('AWS::Events::Rule'));

    expect(rules.map(({ Properties }) => Properties.EventPattern['detail-type'][0]).toSorted()).toEqual([
      'AWS Health Event',
      'EC2 Capacity Reservation Instance Interruption Warning',
      'EC2 Instance Rebalance Recommendation',
      'EC2 Instance State-change Notification',
      'EC2 Spot Instance Interruption Warning',
    ]);
    for (const { Properties } of rules) expect(Properties.Targets).toHaveLength(1);
  });

  it('forgets notices that have run out, and is the one that Karpenter reads', () => {
    expect(propertiesOf(cluster, 'AWS::SQS::Queue')).toMatchObject([
      {
        QueueName: 'afterimage-dev-interruptions',
        MessageRetentionPeriod: 300,
        SqsManagedSseEnabled: true,
      },
    ]);
    const [chart] = Object.values(
      cluster.findResources('Custom::AWSCDK-EKS-HelmChart', { Properties: { Release: 'karpenter' } }),
    );

    expect(JSON.parse(chart?.Properties.Values).settings).toEqual({
      clusterName: 'afterimage-dev',
      interruptionQueue: 'afterimage-dev-interruptions',
    });
  });
});

describe('Karpenter', () => {
  const statements = Object.values(cluster.findResources('AWS::IAM::ManagedPolicy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const acting = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));

  it('ends and tags machines of this cluster alone', () => {
    const owned = { 'aws:ResourceTag/kubernetes.io/cluster/afterimage-dev': 'owned' };

    expect(acting('ec2:TerminateInstances').map(({ Condition }) => Condition.StringEquals)).toEqual([owned]);
    expect(acting('ec2:DeleteLaunchTemplate').map(({ Condition }) => Condition.StringEquals)).toEqual([owned]);
    for (const { Condition } of acting('ec2:CreateTags')) {
      expect(JSON.stringify(Condition.StringEquals)).toContain('kubernetes.io/cluster/afterimage-dev":"owned"');
    }
  });

  it('gives machines one role, and to nothing but machines', () => {
    const [pass, ...others] = acting('iam:PassRole');

    expect(others).toEqual([]);
    expect(pass.Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^KarpenterNodeRole/), 'Arn'] });
    expect(pass.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } });
  });

  it('acts on everything only where it looks, and AWS knows no narrower resource', () => {
    const wide = statements.filter(({ Resource }) => [Resource].flat().includes('*'));

    const actions = wide.flatMap(({ Action }) => Action).filter((action) => !action.startsWith('ec2:Describe'));

    expect(actions.toSorted()).toEqual([
      'arc-zonal-shift:GetManagedResource',
      'iam:ListInstanceProfiles',
      'pricing:GetProducts',
    ]);
  });

  it('may start machines that join, and installs its resource definitions before itself', () => {
    const charts = cluster.findResources('Custom::AWSCDK-EKS-HelmChart');
    const idOf = (release: string) =>
      Object.keys(charts).find((id) => charts[id]?.Properties.Release === release) ?? '';

    expect(propertiesOf(cluster, 'AWS::EKS::AccessEntry', { Type: 'EC2_LINUX' })).toMatchObject([
      { AccessPolicies: [] },
    ]);
    expect(charts[idOf('karpenter')]?.DependsOn).toContain(idOf('karpenter-crd'));
  });
});

describe('a chart', () => {
  const charts = propertiesOf(cluster, 'Custom::AWSCDK-EKS-HelmChart');
  const valuesOf = (release: string) => JSON.parse(charts.find(({ Release }) => Release === release).Values);

  it('is of a fixed version, waited for, and from where its makers publish it', () => {
    expect(charts.map(({ Chart, Version, Wait, Repository }) => [Chart, Version, Wait, Repository])).toEqual([
      ['karpenter-crd', '1.14.1', true, 'oci://public.ecr.aws/karpenter/karpenter-crd'],
      ['karpenter', '1.14.1', true, 'oci://public.ecr.aws/karpenter/karpenter'],
      ['keda', '2.20.2', true, 'https://kedacore.github.io/charts'],
    ]);
  });

  it('makes the service account that its role is for', () => {
    const accounts = propertiesOf(cluster, 'AWS::EKS::PodIdentityAssociation').map(
      ({ Namespace, ServiceAccount }) => `${Namespace}/${ServiceAccount}`,
    );

    expect(accounts).toContain(`kube-system/${valuesOf('karpenter').serviceAccount.name}`);
    expect(accounts).toContain(`keda/${valuesOf('keda').serviceAccount.operator.name}`);
  });
});

describe('a role of pods', () => {
  it.each([
    ['kube-system', 'karpenter'],
    ['keda', 'keda-operator'],
    ['observability', 'otel-collector'],
  ])('can be had in %s by %s of this cluster alone', (namespace, account) => {
    const [association] = propertiesOf(cluster, 'AWS::EKS::PodIdentityAssociation', { ServiceAccount: account });
    const role = cluster.findResources('AWS::IAM::Role')[association.RoleArn['Fn::GetAtt'][0]];
    const statements: { Condition: object }[] = role?.Properties.AssumeRolePolicyDocument.Statement;

    expect(association.Namespace).toBe(namespace);
    expect(statements.length).toBeGreaterThan(0);
    for (const { Condition } of statements) {
      expect(Condition).toEqual({
        StringEquals: {
          'aws:RequestTag/eks-cluster-name': 'afterimage-dev',
          'aws:RequestTag/kubernetes-namespace': namespace,
          'aws:RequestTag/kubernetes-service-account': account,
        },
      });
    }
  });
});

describe('the collector', () => {
  const config = objectOf(kubernetesObjects(cluster), ConfigMap.is, 'collector-config');
  const { exporters, service } = JSON.parse(config.data?.['collector.yaml'] ?? '{}');

  it('brings the metrics of workers to CloudWatch, each under the dimensions of the catalogue', () => {
    expect(service.pipelines.metrics).toMatchObject({ receivers: ['otlp'], exporters: ['awsemf'] });
    expect(exporters.awsemf).toMatchObject({
      namespace: 'Afterimage',
      log_group_name: 'afterimage-dev-worker-metrics',
    });
    const declared: { dimensions: string[][]; metric_name_selectors: string[] }[] =
      exporters.awsemf.metric_declarations;
    const dimensionsOf = (name: string) =>
      declared.filter((each) => each.metric_name_selectors.includes(`^${name}$`)).map(({ dimensions }) => dimensions);

    expect(dimensionsOf('JobQueueTime')).toEqual([[['service'], ['service', 'pool']]]);
    expect(dimensionsOf('JobsFailed')).toEqual([[['service'], ['service', 'pool'], ['service', 'reason']]]);
    expect(dimensionsOf('RequestServed')).toEqual([]);
  });
});
