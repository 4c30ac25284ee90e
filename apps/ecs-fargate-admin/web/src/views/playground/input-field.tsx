import { JsonInput, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { type Field, rangeOf } from './field-schema.ts';

export interface InputFieldProps {
  readonly field: Field;
  readonly value: unknown;
  /** Undefined takes the field out of the input: the default holds then. */
  readonly onChange: (value: unknown) => void;
}

const LONG_TEXT = 200;

function placeholderOf({ schema }: Field): string | undefined {
  return schema.default === undefined || schema.default === '' ? undefined : `default: ${String(schema.default)}`;
}

function parsed(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not yet JSON; the server says what is wrong with it.
    return text;
  }
}

function asText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}

/** One field of the input, as the model's schema describes it. */
export function InputField({ field, value, onChange }: InputFieldProps) {
  const { name, schema, isRequired } = field;
  const common = { label: name, required: isRequired, placeholder: placeholderOf(field) };
  if (schema.enum !== undefined) {
    const data = [{ value: '', label: `default: ${String(schema.default ?? 'none')}` }, ...schema.enum];
    return (
      <NativeSelect
        label={name}
        required={isRequired}
        data={data}
        value={asText(value)}
        onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      />
    );
  }
  if (schema.type === 'integer' || schema.type === 'number') {
    return (
      <NumberInput
        {...common}
        description={rangeOf(schema)}
        allowDecimal={schema.type === 'number'}
        step={schema.multipleOf ?? 1}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => onChange(next === '' ? undefined : Number(next))}
      />
    );
  }
  if (schema.type === 'string') {
    const Text = (schema.maxLength ?? 0) > LONG_TEXT ? Textarea : TextInput;
    return (
      <Text
        {...common}
        value={asText(value)}
        onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      />
    );
  }
  const description = name === 'workflow' ? 'JSON' : 'JSON, such as {"url": "https://…"} or {"jobOutput": "job_…/0"}';
  return (
    <JsonInput
      {...common}
      description={description}
      autosize
      minRows={2}
      maxRows={12}
      formatOnBlur
      value={asText(value)}
      onChange={(text) => onChange(parsed(text))}
    />
  );
}
