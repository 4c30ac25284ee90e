import { LIMITS } from '@afterimage/job-schemas';
import { EngineError } from '../engine-error.ts';
import type { FileRef, HistoryEntry } from './comfy-schemas.ts';
import { fileRefSchema } from './comfy-schemas.ts';

export interface OutputRef extends FileRef {
  readonly node: string;
}

function filesOfNode(outputs: HistoryEntry['outputs'][string] | undefined): readonly FileRef[] {
  return Object.values(outputs ?? {})
    .filter((files) => Array.isArray(files))
    .flat()
    .flatMap((file) => {
      const parsed = fileRefSchema.safeParse(file);
      // `temp` is what previews show; flags and texts are no files at all.
      return parsed.success && parsed.data.type === 'output' ? [parsed.data] : [];
    });
}

/**
 * The files of each node that saves some, in the order of the workflow.
 * @throws EngineError when a node that should have made a file made none, or all of them too many
 */
export function outputRefs({ outputs }: HistoryEntry, saveNodes: readonly string[]): readonly OutputRef[] {
  const refs = saveNodes.flatMap((node) => {
    const files = filesOfNode(outputs[node]);
    if (files.length === 0) {
      throw new EngineError('bad_output', `node ${node} made no file`, { isRetryable: true });
    }
    return files.map((file) => ({ ...file, node }));
  });
  if (refs.length > LIMITS.images.max) {
    const message = `the workflow made ${refs.length} files, but a job may have ${LIMITS.images.max}`;
    throw new EngineError('workflow_invalid', message, { isRetryable: false });
  }
  return refs;
}
