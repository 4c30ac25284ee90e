import { Button, Group, TextInput } from '@mantine/core';

export interface FilterFormProps<N extends string> {
  readonly fields: readonly { readonly name: N; readonly label: string }[];
  /** What the list is filtered by now. */
  readonly values: Readonly<Partial<Record<N, string | undefined>>>;
  /** Gets the fields that are not empty. */
  readonly onFilter: (given: Partial<Record<N, string>>) => void;
}

/** Texts that a list is filtered by; they take effect together. */
export function FilterForm<N extends string>({ fields, values, onFilter }: FilterFormProps<N>) {
  return (
    <form
      aria-label="Filters"
      key={JSON.stringify(values)}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const given: Partial<Record<N, string>> = {};
        for (const { name } of fields) {
          const value = form.get(name);
          if (typeof value === 'string' && value !== '') given[name] = value;
        }
        onFilter(given);
      }}
    >
      <Group align="flex-end" gap="sm" mb="md">
        {fields.map(({ name, label }) => (
          <TextInput key={name} name={name} label={label} defaultValue={values[name] ?? ''} />
        ))}
        <Button type="submit" variant="light">
          Filter
        </Button>
      </Group>
    </form>
  );
}
