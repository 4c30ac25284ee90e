import type { IEC2NodeClass } from '@kubernetes-models/karpenter/karpenter.k8s.aws/v1/EC2NodeClass';
import type { IBlockDevice } from '@kubernetes-models/karpenter/karpenter.k8s.aws/v1/BlockDevice';
import { DISCOVERY_TAG } from '../../stacks/network-stack.ts';
import { BOTTLEROCKET_VERSION } from '../cluster/versions.ts';
import type { DeployedPool } from './deployed-pool.ts';
import { POOL_LABEL, poolObjectName } from './pool-names.ts';

export interface NodeClassProps {
  readonly clusterName: string;
  readonly nodeRoleName: string;
  readonly securityGroupId: string;
  readonly stage: string;
}

type ImageCache = DeployedPool['deployment']['imageCache'];

/** Bottlerocket's own root, which images do not touch. */
const ROOT_GIB = 4;
/** Of a volume that images are read from, in MiB/s and operations/s; gp3 has 125 and 3000 without being asked. */
const SNAPSHOT_THROUGHPUT = 500;
const SNAPSHOT_IOPS = 4000;

/** Bottlerocket's settings for the SOCI snapshotter: layers are downloaded in parallel parts and unpacked side by side. */
function sociSettings({ downloads, chunkMiB }: Extract<ImageCache, { type: 'soci' }>): string {
  return `[settings.container-runtime]
snapshotter = "soci"

[settings.container-runtime-plugins.soci-snapshotter]
pull-mode = "parallel-pull-unpack"

[settings.container-runtime-plugins.soci-snapshotter.parallel-pull-unpack]
max-concurrent-downloads-per-image = ${downloads}
concurrent-download-chunk-size = "${chunkMiB}mb"
max-concurrent-unpacks-per-image = ${downloads}
discard-unpacked-layers = true
`;
}

/** Either the node's own disks hold the images, or a volume made of the snapshot does: the disks would hide that one. */
function imageStore(cache: ImageCache): { spec: Partial<IEC2NodeClass['spec']>; volume: IBlockDevice } {
  if (cache.type === 'soci') {
    return { spec: { instanceStorePolicy: 'RAID0', userData: sociSettings(cache) }, volume: {} };
  }
  const { snapshotId, initializationMiBps } = cache;
  const speed = { volumeInitializationRate: initializationMiBps, throughput: SNAPSHOT_THROUGHPUT, iops: SNAPSHOT_IOPS };
  return { spec: {}, volume: { snapshotID: snapshotId, ...speed } };
}

/** The machines of a pool, whatever their type: image, disks, network and role. */
export function nodeClass({ name, deployment }: DeployedPool, props: NodeClassProps): IEC2NodeClass {
  const { spec, volume } = imageStore(deployment.imageCache);
  const disk = (deviceName: string, sizeGiB: number, ebs: IBlockDevice = {}) => ({
    deviceName,
    ebs: { volumeType: 'gp3' as const, volumeSize: `${sizeGiB}Gi`, encrypted: true, deleteOnTermination: true, ...ebs },
  });
  return {
    apiVersion: 'karpenter.k8s.aws/v1',
    kind: 'EC2NodeClass',
    metadata: { name: poolObjectName(name) },
    spec: {
      ...spec,
      // For machines with NVIDIA GPUs it is the variant with driver, runtime and device plugin: no chart is needed for those.
      amiSelectorTerms: [{ alias: `bottlerocket@v${BOTTLEROCKET_VERSION}` }],
      role: props.nodeRoleName,
      subnetSelectorTerms: [{ tags: { [DISCOVERY_TAG]: props.clusterName } }],
      securityGroupSelectorTerms: [{ id: props.securityGroupId }],
      // Answers of the metadata service do not reach pods: no container gets the node's role.
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpProtocolIPv6: 'disabled',
        httpPutResponseHopLimit: 1,
        httpTokens: 'required',
      },
      blockDeviceMappings: [disk('/dev/xvda', ROOT_GIB), disk('/dev/xvdb', deployment.volumeGiB, volume)],
      tags: { Name: `${props.clusterName}-${name}`, project: 'afterimage', stage: props.stage, [POOL_LABEL]: name },
    },
  };
}
