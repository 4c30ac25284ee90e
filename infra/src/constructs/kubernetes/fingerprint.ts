import { createHash } from 'node:crypto';

/** A short name for a content: as an annotation of a pod it makes a change of what the pod mounts a change of the pod. */
export function fingerprint(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
