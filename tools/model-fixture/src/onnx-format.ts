import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The element types that the fixtures use, by their numbers in `onnx.proto`. */
export const ELEMENT = { float: 1, int32: 6, int64: 7, float16: 10 } as const;
export type Element = keyof typeof ELEMENT;

/** A size that is fixed, or the name of one that is not. */
export type Dimension = number | string;

export interface Port {
  readonly name: string;
  readonly element: Element;
  readonly dims: readonly Dimension[];
}

export interface Initializer {
  readonly name: string;
  readonly element: Element;
  readonly dims: readonly number[];
  /** Little-endian. */
  readonly data: Uint8Array;
}

export type Attribute = number | string | readonly number[];

export interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly initializers: readonly Initializer[];
  readonly nodes: readonly Node[];
}

const IR_VERSION = 8;
const OPSET = 17;
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

type Write = (writer: BinaryWriter) => void;

const message =
  (field: number, write: Write): Write =>
  (writer) => {
    writer.tag(field, WireType.LengthDelimited).fork();
    write(writer);
    writer.join();
  };
const text =
  (field: number, value: string): Write =>
  (writer) =>
    void writer.tag(field, WireType.LengthDelimited).string(value);
const bytes =
  (field: number, value: Uint8Array): Write =>
  (writer) =>
    void writer.tag(field, WireType.LengthDelimited).bytes(value);
const integer =
  (field: number, value: number): Write =>
  (writer) =>
    void writer.tag(field, WireType.Varint).int64(value);
const float =
  (field: number, value: number): Write =>
  (writer) =>
    void writer.tag(field, WireType.Bit32).float(value);
const all =
  (writes: readonly Write[]): Write =>
  (writer) => {
    for (const write of writes) write(writer);
  };

function attribute([name, value]: [string, Attribute]): Write {
  const named = text(1, name);
  if (typeof value === 'string') {
    return all([named, bytes(4, new TextEncoder().encode(value)), integer(20, ATTRIBUTE_TYPE.string)]);
  }
  if (typeof value !== 'number') {
    return all([named, ...value.map((each) => integer(8, each)), integer(20, ATTRIBUTE_TYPE.ints)]);
  }
  return Number.isInteger(value)
    ? all([named, integer(3, value), integer(20, ATTRIBUTE_TYPE.int)])
    : all([named, float(2, value), integer(20, ATTRIBUTE_TYPE.float)]);
}

function node({ operator, inputs, output, attributes }: Node): Write {
  return all([
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(3, output),
    text(4, operator),
    ...Object.entries(attributes).map((each) => message(5, attribute(each))),
  ]);
}

function initializer({ name, element, dims, data }: Initializer): Write {
  return all([...dims.map((dim) => integer(1, dim)), integer(2, ELEMENT[element]), text(8, name), bytes(9, data)]);
}

function port({ name, element, dims }: Port): Write {
  const shape = all(dims.map((dim) => message(1, typeof dim === 'number' ? integer(1, dim) : text(2, dim))));
  return all([text(1, name), message(2, message(1, all([integer(1, ELEMENT[element]), message(2, shape)])))]);
}

/** The bytes of an ONNX file (`ModelProto`, IR version 8, opset 17) of one graph. */
export function encodeModel(graph: Graph): Uint8Array {
  const writer = new BinaryWriter();
  all([
    integer(1, IR_VERSION),
    text(2, 'afterimage-model-fixture'),
    message(
      7,
      all([
        ...graph.nodes.map((each) => message(1, node(each))),
        text(2, graph.name),
        ...graph.initializers.map((each) => message(5, initializer(each))),
        ...graph.inputs.map((each) => message(11, port(each))),
        ...graph.outputs.map((each) => message(12, port(each))),
      ]),
    ),
    message(8, all([text(1, ''), integer(2, OPSET)])),
  ])(writer);
  return writer.finish();
}
