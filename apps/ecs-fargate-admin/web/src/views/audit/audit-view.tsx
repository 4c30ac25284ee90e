import { auditPageSchema } from '@afterimage/admin-schemas';
import { Badge, Button, Code, Group, Table, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { read } from '../../api/client.ts';
import { Moment } from '../../parts/moment.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pages } from '../../parts/pages.tsx';

const route = getRouteApi('/audit');
const MIN_WIDTH = 900;
const COLOURS = { begun: 'blue', done: 'green', refused: 'orange', failed: 'red' } as const;
const FILTERS = [
  { name: 'action', label: 'Action' },
  { name: 'operator', label: 'Operator' },
  { name: 'target', label: 'Target' },
] as const;

function Change({ value }: { readonly value: unknown }) {
  return value === null || value === undefined ? <>–</> : <Code>{JSON.stringify(value)}</Code>;
}

/** Who did what, when and why. */
export function AuditView() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam, signal }) =>
      read(auditPageSchema, '/audit', { query: { ...filters, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const entries = query.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <>
      <PageHead title="Audit log" description="What operators did. Nothing in it is ever changed or deleted." />
      <form
        aria-label="Filters"
        key={JSON.stringify(filters)}
        onSubmit={(event) => {
          event.preventDefault();
          const given = new FormData(event.currentTarget);
          void navigate({ search: Object.fromEntries([...given].filter(([, value]) => value !== '')), replace: true });
        }}
      >
        <Group align="flex-end" gap="sm" mb="md">
          {FILTERS.map(({ name, label }) => (
            <TextInput key={name} name={name} label={label} defaultValue={filters[name] ?? ''} />
          ))}
          <Button type="submit" variant="light">
            Filter
          </Button>
        </Group>
      </form>
      <Pages query={query} isEmpty={entries.length === 0} empty="Nothing was done yet.">
        <Table.ScrollContainer
          minWidth={MIN_WIDTH}
          scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Audit log' } }}
        >
          <Table>
            <Table.Thead>
              <Table.Tr>
                {['When', 'Who', 'Action', 'Target', 'Count', 'Outcome', 'Reason', 'Before', 'After'].map((head) => (
                  <Table.Th key={head}>{head}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map((entry) => (
                <Table.Tr key={entry.id}>
                  <Table.Td>
                    <Moment at={entry.at} />
                  </Table.Td>
                  <Table.Td>
                    {entry.operator.name} ({entry.operator.role})
                  </Table.Td>
                  <Table.Td>{entry.action}</Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{entry.target}</Table.Td>
                  <Table.Td>{entry.count ?? '–'}</Table.Td>
                  <Table.Td>
                    <Badge color={COLOURS[entry.outcome]} variant="dot" tt="none" miw="max-content">
                      {entry.outcome}
                    </Badge>
                  </Table.Td>
                  <Table.Td>{entry.reason}</Table.Td>
                  <Table.Td>
                    <Change value={entry.before} />
                  </Table.Td>
                  <Table.Td>
                    <Change value={entry.after} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Pages>
    </>
  );
}
