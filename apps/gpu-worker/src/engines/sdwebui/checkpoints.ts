import { basename, extname } from 'node:path/posix';
import * as z from 'zod';

/** An entry of `GET /sdapi/v1/sd-models`; hashes are missing until the server computed them. */
const checkpointSchema = z.object({
  title: z.string().min(1),
  model_name: z.string().min(1),
  hash: z.string().nullish(),
  sha256: z.string().nullish(),
  filename: z.string().nullish(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;
export const checkpointsSchema = z.array(checkpointSchema);

function stem(path: string): string {
  const file = basename(path.replaceAll('\\', '/'));
  return file.slice(0, file.length - extname(file).length);
}

/** Every name that stands for the checkpoint, as the server itself understands them. */
function namesOf({ title, model_name, hash, filename }: Checkpoint): string[] {
  const file = filename?.replaceAll('\\', '/');
  return [title, model_name, ...(hash ? [hash] : []), ...(file ? [stem(file), basename(file)] : [])];
}

export function findCheckpoint(checkpoints: readonly Checkpoint[], name: string): Checkpoint | undefined {
  return checkpoints.find((each) => namesOf(each).includes(name));
}

function isHashOf(checkpoint: Checkpoint, hash: string): boolean {
  const known = [checkpoint.hash, checkpoint.sha256].filter((each) => typeof each === 'string' && each !== '');
  return known.some((each) => typeof each === 'string' && (each.startsWith(hash) || hash.startsWith(each)));
}

/** What an answer says about the checkpoint that made it. */
export interface UsedCheckpoint {
  readonly name: string | undefined;
  readonly hash: string | undefined;
}

/** Whether this checkpoint was used; undefined when the answer does not tell. Name and hash must both agree where both are known. */
export function isUsed(checkpoint: Checkpoint, used: UsedCheckpoint): boolean | undefined {
  const verdicts: boolean[] = [];
  if (used.name !== undefined) verdicts.push(namesOf(checkpoint).includes(used.name));
  const hasHash = Boolean(checkpoint.hash) || Boolean(checkpoint.sha256);
  if (used.hash !== undefined && hasHash) verdicts.push(isHashOf(checkpoint, used.hash.toLowerCase()));
  return verdicts.length === 0 ? undefined : verdicts.every(Boolean);
}
