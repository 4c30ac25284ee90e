import { Code } from '@mantine/core';
import { Facts } from '../../parts/facts.tsx';

type Values = Readonly<Record<string, unknown>>;

function shown(value: unknown) {
  if (typeof value === 'string') return value === '' ? <Code>(empty)</Code> : value;
  return typeof value === 'object' && value !== null ? (
    <Code block>{JSON.stringify(value, undefined, 2)}</Code>
  ) : (
    String(value)
  );
}

/** The input, with what of it is as by default. */
export function JobInput({ input, defaults }: { readonly input: Values; readonly defaults: Values }) {
  const facts = Object.entries(input).map(([name, value]) => ({
    name,
    value: shown(value),
    note: JSON.stringify(defaults[name]) === JSON.stringify(value) && name !== 'prompt' ? 'default' : undefined,
  }));
  return <Facts facts={facts} label="Input" />;
}
