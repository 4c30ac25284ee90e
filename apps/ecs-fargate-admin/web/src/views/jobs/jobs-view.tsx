import { Switch } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { PageHead } from '../../parts/page-head.tsx';
import { Pages } from '../../parts/pages.tsx';
import { BulkActs } from './bulk-acts.tsx';
import { JobFiltersForm } from './job-filters.tsx';
import { jobsQuery } from './jobs-query.ts';
import { JobsTable } from './jobs-table.tsx';

const route = getRouteApi('/jobs');

/** Every job of every tenant, the newest first. */
export function JobsView() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [isLive, setLive] = useState(true);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const query = useInfiniteQuery(jobsQuery(filters, isLive));
  const jobs = query.data?.pages.flatMap(({ data }) => data) ?? [];
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
