import { auditPageSchema } from '@afterimage/admin-schemas';
import { Badge, Code, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { FilterForm } from '../../parts/filter-form.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pages } from '../../parts/pages.tsx';
import { Rows } from '../../parts/rows.tsx';
import { usePages } from '../../parts/use-pages.ts';

const route = getRouteApi('/audit');
const MIN_WIDTH = 900;
const HEADS = ['When', 'Who', 'Action', 'Target', 'Count', 'Outcome', 'Reason', 'Before', 'After'];
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
  const { query, items: entries } = usePages(auditPageSchema, '/audit', { query: filters });
  return (
    <>
      <PageHead title="Audit log" description="What operators did. Nothing in it is ever changed or deleted." />
      <FilterForm fields={FILTERS} values={filters} onFilter={(search) => void navigate({ search, replace: true })} />
      <Pages query={query} isEmpty={entries.length === 0} empty="Nothing was done yet.">
        <Rows
          label="Audit log"
          heads={HEADS}
          minWidth={MIN_WIDTH}
          rows={entries.map((entry) => ({
            id: entry.id,
            cells: [
              <Moment key="at" at={entry.at} />,
              `${entry.operator.name} (${entry.operator.role})`,
              entry.action,
              <Text key="target" span size="sm" style={{ overflowWrap: 'anywhere' }}>
                {entry.target}
              </Text>,
              entry.count ?? '–',
              <Badge key="outcome" color={COLOURS[entry.outcome]} variant="dot" tt="none" miw="max-content">
                {entry.outcome}
              </Badge>,
              entry.reason,
              <Change key="before" value={entry.before} />,
              <Change key="after" value={entry.after} />,
            ],
          }))}
        />
      </Pages>
    </>
  );
}
