import { Tensor } from 'onnxruntime-node';
import type { GraphPort } from './graph.ts';
import { brokenModel } from './model-error.ts';

/** Numbers for an input, whatever its element type. */
export interface Values {
  readonly data: Float32Array | readonly number[];
  readonly dims: readonly number[];
}

/** 16-bit floats, as their bits in an array of another type: the binding finds no bytes in a `Float16Array`. */
function halves(data: Values['data'], dims: readonly number[]): Tensor {
  const bits = new Uint16Array(Float16Array.from(data).buffer);
  return Object.defineProperty(new Tensor('uint16', bits, dims), 'type', { value: 'float16' });
}

/** @throws EngineError when the input is of a type that no number fits */
export function toTensor(file: string, name: string, { type }: GraphPort, { data, dims }: Values): Tensor {
  switch (type) {
    case 'float32':
      return new Tensor('float32', data instanceof Float32Array ? data : Float32Array.from(data), dims);
    case 'float16':
      return halves(data, dims);
    case 'float64':
      return new Tensor('float64', Float64Array.from(data), dims);
    case 'int64':
      return new Tensor(
        'int64',
        BigInt64Array.from(data, (value) => BigInt(Math.round(value))),
        dims,
      );
    case 'int32':
      return new Tensor('int32', Int32Array.from(data, Math.round), dims);
    default:
      throw brokenModel(file, `the input ${name} is of ${type}, which this engine does not make`);
  }
}

/** @throws EngineError when the output is of a type that is no number */
export function toFloats(file: string, name: string, { type, data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  // Where Node.js has 16-bit floats the binding yields them as such, elsewhere as their bits.
  if (data instanceof Float16Array) return Float32Array.from(data);
  if (type === 'float16' && data instanceof Uint16Array) {
    return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.length));
  }
  throw brokenModel(file, `the output ${name} is of ${type} instead of floats`);
}
