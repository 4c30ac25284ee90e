import type { ModelSource } from '@afterimage/app-config';
import type { ICSIPersistentVolumeSource } from 'kubernetes-models/v1/CSIPersistentVolumeSource';
import type { IPersistentVolume } from 'kubernetes-models/v1/PersistentVolume';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { modelVolumeName, POOLS_NAMESPACE } from './pool-names.ts';

export interface ModelVolumeProps {
  readonly pool: string;
  readonly source: ModelSource;
  readonly region: string;
  readonly bucketName: string;
  readonly fileSystemId: string;
  /** User that the engine runs as: the files are shown as its own. */
  readonly user: number;
}

/** Neither driver looks at it, but a claim has to ask for a size. */
const SIZE = '1Ti';

function csi(props: ModelVolumeProps): { csi: ICSIPersistentVolumeSource; mountOptions: string[] } {
  const { pool, source, region, bucketName, fileSystemId, user } = props;
  if (source.type === 'efs') {
    // Pools of one folder have one handle, which no node could mount twice; but no node serves two pools.
    const volumeHandle = `${fileSystemId}:${source.path}`;
    return { csi: { driver: 'efs.csi.aws.com', volumeHandle, readOnly: true }, mountOptions: ['tls', 'iam'] };
  }
  return {
    csi: {
      driver: 's3.csi.aws.com',
      volumeHandle: modelVolumeName(pool),
      readOnly: true,
      volumeAttributes: { bucketName },
    },
    mountOptions: [
      'read-only',
      'allow-other',
      `uid=${user}`,
      `gid=${user}`,
      'file-mode=0444',
      'dir-mode=0555',
      `prefix ${source.prefix}`,
      `region ${region}`,
    ],
  };
}

/** The models of a pool: its folder of the bucket or of the file system, which pods mount and nobody can write to. */
export function modelVolume(props: ModelVolumeProps): [IPersistentVolume, IPersistentVolumeClaim] {
  const name = modelVolumeName(props.pool);
  const accessModes: ['ReadOnlyMany'] = ['ReadOnlyMany'];
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        ...csi(props),
        accessModes,
        capacity: { storage: SIZE },
        storageClassName: '',
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace: POOLS_NAMESPACE, name },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: POOLS_NAMESPACE },
      spec: { accessModes, storageClassName: '', volumeName: name, resources: { requests: { storage: SIZE } } },
    },
  ];
}
