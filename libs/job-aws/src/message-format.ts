import type { MessageAttributeValue } from '@aws-sdk/client-sns';

/** JSON in ASCII alone: the same value to every JSON parser, and safe on transports that refuse some of Unicode. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** String attributes, for filter policies and traces; those without a value are left out. */
export function stringAttributes(
  values: Readonly<Record<string, string | null | undefined>>,
): Record<string, MessageAttributeValue> {
  const attributes: Record<string, MessageAttributeValue> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'string') attributes[name] = { DataType: 'String', StringValue: value };
  }
  return attributes;
}
