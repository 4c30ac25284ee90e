import { adminJobPageSchema } from '@afterimage/admin-schemas';
import { Switch } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { PageHead } from '../../parts/page-head.tsx';
import { Pages } from '../../parts/pages.tsx';
import { usePages } from '../../parts/use-pages.ts';
import { BulkActs } from './bulk-acts.tsx';
import { JobFiltersForm } from './job-filters.tsx';
import { JobsTable } from './jobs-table.tsx';

const route = getRouteApi('/jobs');
const LIVE_MS = 2000;

/** Every job of every tenant, the newest first. */
export function JobsView() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [isLive, setLive] = useState(true);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const everyMs = isLive ? LIVE_MS : undefined;
  const { query, items: jobs } = usePages(adminJobPageSchema, '/jobs', { query: filters, everyMs });
  return (
    <>
      <PageHead title="Jobs" description="Of every tenant, the newest first.">
        <Switch label="Live" checked={isLive} onChange={(event) => setLive(event.currentTarget.checked)} />
      </PageHead>
      <JobFiltersForm
        key={JSON.stringify(filters)}
        filters={filters}
        onChange={(search) => {
          setSelected(new Set());
          void navigate({ search, replace: true });
        }}
      />
      <BulkActs ids={[...selected]} onDone={() => setSelected(new Set())} />
      <Pages query={query} isEmpty={jobs.length === 0} empty="No job matches.">
        <JobsTable jobs={jobs} selected={selected} onSelect={setSelected} />
      </Pages>
    </>
  );
}
