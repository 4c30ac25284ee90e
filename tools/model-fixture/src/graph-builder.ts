import type { Attribute, Dimension, Element, Graph, Initializer, Node, Port } from './onnx-format.ts';
import { encodeModel } from './onnx-format.ts';
import { normalNumbers } from './random.ts';

/** The elements that weights and activations are of. */
export type Precision = 'float' | 'float16';

function bytesOf(element: Element, values: readonly number[]): Uint8Array {
  const data = {
    float: () => Float32Array.from(values),
    float16: () => Float16Array.from(values),
    int32: () => Int32Array.from(values),
    int64: () => BigInt64Array.from(values, BigInt),
  }[element]();
  return new Uint8Array(data.buffer);
}

/** Puts a graph together, value by value: each method adds what it is called for and yields the name of its result. */
export class GraphBuilder {
  readonly precision: Precision;
  readonly #name: string;
  readonly #random: () => number;
  readonly #inputs: Port[] = [];
  readonly #outputs: Port[] = [];
  readonly #initializers: Initializer[] = [];
  readonly #nodes: Node[] = [];

  constructor(name: string, { seed, precision }: { seed: number; precision: Precision }) {
    this.#name = name;
    this.#random = normalNumbers(seed);
    this.precision = precision;
  }

  input(name: string, element: Element, dims: readonly Dimension[]): string {
    this.#inputs.push({ name, element, dims });
    return name;
  }

  /** Gives a value the name by which a session yields it. */
  output(value: string, name: string, dims: readonly Dimension[], element: Element = this.precision): void {
    this.#nodes.push({ operator: 'Identity', inputs: [value], output: name, attributes: {} });
    this.#outputs.push({ name, element, dims });
  }

  constant(element: Element, dims: readonly number[], values: readonly number[]): string {
    const name = `constant_${this.#initializers.length}`;
    this.#initializers.push({ name, element, dims, data: bytesOf(element, values) });
    return name;
  }

  /** Random weights of mean 0. */
  weights(dims: readonly number[], deviation: number): string {
    const count = dims.reduce((product, dim) => product * dim, 1);
    return this.constant(
      this.precision,
      dims,
      Array.from({ length: count }, () => this.#random() * deviation),
    );
  }

  filled(dims: readonly number[], value: number): string {
    const count = dims.reduce((product, dim) => product * dim, 1);
    return this.constant(
      this.precision,
      dims,
      Array.from({ length: count }, () => value),
    );
  }

  node(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const output = `${operator}_${this.#nodes.length}`;
    this.#nodes.push({ operator, inputs, output, attributes });
    return output;
  }

  shape(dims: readonly number[]): string {
    return this.constant('int64', [dims.length], dims);
  }

  encode(): Uint8Array {
    const graph: Graph = {
      name: this.#name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      initializers: this.#initializers,
      nodes: this.#nodes,
    };
    return encodeModel(graph);
  }
}
