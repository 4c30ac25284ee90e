import { Text } from '@mantine/core';

const SHOWN = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A time of the API in the operator's own zone; the exact one, in UTC, is in its title. */
export function Moment({ at }: { readonly at: string | null }) {
  if (at === null)
    return (
      <Text span c="dimmed" size="sm">
        –
      </Text>
    );
  return (
    <Text component="time" size="sm" dateTime={at} title={at} style={{ whiteSpace: 'nowrap' }}>
      {SHOWN.format(new Date(at))}
    </Text>
  );
}
