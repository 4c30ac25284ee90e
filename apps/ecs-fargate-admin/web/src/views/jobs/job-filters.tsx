import type { AdminJobQuery } from '@afterimage/admin-schemas';
import { jobStatusSchema } from '@afterimage/job-schemas';
import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fromLocalTime, toLocalTime } from './local-time.ts';

type JobFilters = Partial<Omit<AdminJobQuery, 'limit' | 'cursor'>>;

export interface JobFiltersFormProps {
  readonly filters: JobFilters;
  readonly onChange: (filters: JobFilters) => void;
}

const TEXTS = [
  { name: 'tenantId', label: 'Tenant' },
  { name: 'model', label: 'Model' },
  { name: 'pool', label: 'Pool' },
] as const;

const TIMES = [
  { name: 'createdAfter', label: 'Created after' },
  { name: 'createdBefore', label: 'Created before' },
] as const;

const STATES = [
  { value: '', label: 'any' },
  ...jobStatusSchema.options.map((status) => ({ value: status, label: status })),
];

/** What is empty is no filter. */
function given(filters: Readonly<Record<string, string | undefined>>): JobFilters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined && value !== ''));
}

/** The filters of the list; they stand in the page's address, and so can be kept and sent. */
export function JobFiltersForm({ filters, onChange }: JobFiltersFormProps) {
  const [texts, setTexts] = useState(filters);
  return (
    <form
      aria-label="Filters"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(given(texts));
      }}
    >
      <Group align="flex-end" gap="sm" mb="sm">
        <NativeSelect
          label="State"
          data={STATES}
          value={filters.status ?? ''}
          onChange={(event) => onChange(given({ ...texts, status: event.currentTarget.value }))}
        />
        {TEXTS.map(({ name, label }) => (
          <TextInput
            key={name}
            label={label}
            value={texts[name] ?? ''}
            onChange={(event) => setTexts({ ...texts, [name]: event.currentTarget.value })}
          />
        ))}
        {TIMES.map(({ name, label }) => (
          <TextInput
            key={name}
            type="datetime-local"
            label={label}
            value={toLocalTime(texts[name])}
            onChange={(event) => setTexts({ ...texts, [name]: fromLocalTime(event.currentTarget.value) })}
          />
        ))}
        <Button type="submit" variant="light">
          Filter
        </Button>
        <Button
          variant="default"
          onClick={() => {
            setTexts({});
            onChange({});
          }}
        >
          Clear
        </Button>
      </Group>
    </form>
  );
}
