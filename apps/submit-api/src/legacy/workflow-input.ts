import type { FieldError } from '@afterimage/job-schemas';
import { type ImageTaker, isAddress } from './take-images.ts';
import type { Content } from './webui-content.ts';

/** ComfyUI's own nodes that take the name of a file of the server. */
const LOADERS: ReadonlySet<string> = new Set(['LoadImage', 'LoadImageMask', 'LoadImageOutput']);

interface Node {
  readonly class_type: string;
  readonly inputs: Content;
}

function isObject(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asNode(value: unknown): Node | undefined {
  if (!isObject(value)) return undefined;
  const { class_type: type, inputs } = value;
  return typeof type === 'string' && isObject(inputs) ? { class_type: type, inputs } : undefined;
}

function foreignLoader(pointer: string, type: string): FieldError {
  const detail = `cannot be fetched for a node ${type}: only ${[...LOADERS].join(', ')} take the address of an image`;
  return { pointer, code: 'unsupported_address', detail, limit: [...LOADERS] };
}

/**
 * The workflow with the addresses in nodes that load images taken out of it. Everywhere else an address is a text like any
 * other: nothing is fetched because of how a prompt begins.
 */
export function withoutAddresses(workflow: Content, base: string, taker: ImageTaker): Content {
  function takeFrom(id: string, node: Node): Content {
    const entries = Object.entries(node.inputs).map(([field, value]) => {
      if (typeof value !== 'string' || !isAddress(value)) return [field, value];
      const pointer = `${base}/${id}/inputs/${field}`;
      if (LOADERS.has(node.class_type)) {
        return [field, taker.take(value, pointer, `node-${Object.keys(taker.images).length}`)];
      }
      if (node.class_type.includes('LoadImage')) taker.errors.push(foreignLoader(pointer, node.class_type));
      return [field, value];
    });
    return Object.fromEntries(entries);
  }
  return Object.fromEntries(
    Object.entries(workflow).map(([id, value]) => {
      const node = asNode(value);
      return [id, node === undefined || !isObject(value) ? value : { ...value, inputs: takeFrom(id, node) }];
    }),
  );
}
