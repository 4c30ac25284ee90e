import { isDeepStrictEqual } from 'node:util';
import { resolveNode, type SchemaNode } from './schema-node.ts';

/** Who writes the value: what clients write must stay allowed, what they read must stay as they know it. */
export type Writer = 'client' | 'server';

export interface Side {
  readonly schemas: Readonly<Record<string, SchemaNode>>;
}

/** Keywords whose growth, or whose fall, refuses what was allowed before. */
const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const RULES = ['pattern', 'multipleOf', 'format', 'dependentRequired', 'propertyNames', 'default'];

function typesOf({ type }: SchemaNode): string[] | undefined {
  if (type === undefined) return undefined;
  const types = [type].flat();
  return types.includes('number') ? [...types, 'integer'] : types;
}

function valuesOf(node: SchemaNode): readonly unknown[] | undefined {
  return 'const' in node ? [node.const] : node.enum;
}

/** Of `before`, what `after` does not have. Undefined stands for everything. */
function missing(before: readonly unknown[] | undefined, after: readonly unknown[] | undefined): unknown[] {
  if (after === undefined) return [];
  if (before === undefined) return ['any other'];
  return before.filter((value) => !after.includes(value));
}

const show = (values: readonly unknown[]) => values.map(String).join(', ');

function typeChanges(before: SchemaNode, after: SchemaNode, writer: Writer): string[] {
  const [from, to] = [typesOf(before), typesOf(after)];
  const lost = writer === 'client' ? missing(from, to) : missing(to, from);
  return lost.length === 0 ? [] : [`the type ${show(lost)} is ${writer === 'client' ? 'refused' : 'new'}`];
}

/** Clients put up with values that they do not know, but not with a value that took the place of all others. */
function valueChanges(before: SchemaNode, after: SchemaNode, writer: Writer): string[] {
  const [from, to] = [valuesOf(before), valuesOf(after)];
  const lost = missing(from, to);
  if (writer === 'client') return lost.length === 0 ? [] : [`the value ${show(lost)} is refused`];
  const isOther = from !== undefined && to !== undefined && lost.length === from.length;
  return isOther ? [`the value ${show(from)} became ${show(to)}`] : [];
}

function ruleChanges(before: SchemaNode, after: SchemaNode): string[] {
  const isTighter = (keyword: string, sign: 1 | -1) => {
    const limit = after[keyword];
    const old = before[keyword];
    return typeof limit === 'number' && (typeof old !== 'number' || (limit - old) * sign > 0);
  };
  return [
    ...LOWER_BOUNDS.filter((keyword) => isTighter(keyword, 1)),
    ...UPPER_BOUNDS.filter((keyword) => isTighter(keyword, -1)),
    ...RULES.filter((keyword) => after[keyword] !== undefined && !isDeepStrictEqual(before[keyword], after[keyword])),
  ].map((keyword) => `${keyword} became ${JSON.stringify(after[keyword])}`);
}

function requiredChanges(before: SchemaNode, after: SchemaNode, writer: Writer): string[] {
  const [from, to] = [before.required ?? [], after.required ?? []];
  if (writer === 'client') return to.filter((name) => !from.includes(name)).map((name) => `${name} became required`);
  return from.filter((name) => !to.includes(name)).map((name) => `${name} is not always there any more`);
}

/** Compares two schemas of one place. @returns what would break clients, each with its place */
export function schemaChanges(before: Side, after: Side, writer: Writer) {
  /** The pairs that are being compared, so that a schema that contains itself comes to an end. */
  const open = new Set<string>();

  function propertyChanges(from: SchemaNode, to: SchemaNode, at: string): string[] {
    const left = to.properties ?? {};
    return Object.entries(from.properties ?? {}).flatMap(([name, property]) => {
      const other = left[name];
      if (other !== undefined) return compare(property, other, `${at}/${name}`);
      const isTaken = writer === 'client' && to.additionalProperties !== false;
      return isTaken ? [] : [`${at}/${name} was removed`];
    });
  }

  function additionalChanges(from: SchemaNode, to: SchemaNode, at: string): string[] {
    const [old, now] = [from.additionalProperties, to.additionalProperties];
    if (typeof old === 'object' && typeof now === 'object') return compare(old, now, `${at}/*`);
    return writer === 'client' && now === false && old !== false ? [`${at}: other fields are refused`] : [];
  }

  /** Each alternative that one side may write must be one that the other side knows. */
  function alternativeChanges(from: SchemaNode, to: SchemaNode, at: string): string[] {
    const [old, now] = [from.anyOf ?? from.oneOf, to.anyOf ?? to.oneOf];
    if (old === undefined && now === undefined) return [];
    const [olds, nows] = [old ?? [from], now ?? [to]];
    const fits = (one: SchemaNode, other: SchemaNode) => compare(one, other, at).length === 0;
    const lost =
      writer === 'client'
        ? olds.filter((one) => !nows.some((other) => fits(one, other)))
        : nows.filter((other) => !olds.some((one) => fits(one, other)));
    return lost.map((each) => `${at}: the alternative ${each.$ref ?? JSON.stringify(each)} changed`);
  }

  function compareParts(old: SchemaNode, now: SchemaNode, at: string): string[] {
    const own = [
      ...typeChanges(old, now, writer),
      ...valueChanges(old, now, writer),
      ...(writer === 'client' ? ruleChanges(old, now) : []),
      ...requiredChanges(old, now, writer),
    ].map((change) => `${at}: ${change}`);
    const parts = (old.allOf ?? []).flatMap((part, index) => compare(part, now.allOf?.[index] ?? {}, at));
    const items = old.items === undefined ? [] : compare(old.items, now.items ?? {}, `${at}[]`);
    return [
      ...own,
      ...parts,
      ...items,
      ...propertyChanges(old, now, at),
      ...additionalChanges(old, now, at),
      ...alternativeChanges(old, now, at),
    ];
  }

  function compare(from: SchemaNode, to: SchemaNode, at: string): string[] {
    const pair = JSON.stringify([from.$ref, to.$ref]);
    if (open.has(pair)) return [];
    if (from.$ref !== undefined) open.add(pair);
    const changes = compareParts(resolveNode(from, before.schemas), resolveNode(to, after.schemas), at);
    open.delete(pair);
    return changes;
  }

  return compare;
}
