import type { ObjectInfo } from './comfy-schemas.ts';
import { choicesOf } from './check-workflow.ts';

/** `SDXL/base.safetensors` → `base`. */
function stemOf(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.(safetensors|ckpt|pth|pt|bin|sft)$/i, '');
}

/** Whether a file of the server is the model of this name: the file's whole name, or without folder and ending. */
export function isModel(file: string, name: string): boolean {
  return file === name || stemOf(file) === name || stemOf(file) === stemOf(name);
}

/** The choices of a field of a node, as far as they are names. */
export function filesOf(nodes: ObjectInfo, node: string, field: string): readonly string[] {
  const choices = choicesOf(nodes[node]?.input.required[field]) ?? [];
  return choices.filter((each) => typeof each === 'string');
}

/** The server's file for a model; undefined when it has none. */
export function findFile(files: readonly string[], name: string): string | undefined {
  return files.find((file) => file === name) ?? files.find((file) => isModel(file, name));
}
