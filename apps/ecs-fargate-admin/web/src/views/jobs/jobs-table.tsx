import type { AdminJob } from '@afterimage/admin-schemas';
import { Anchor, Checkbox, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Moment } from '../../parts/moment.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';

export interface JobsTableProps {
  readonly jobs: readonly AdminJob[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
}

const MIN_WIDTH = 820;

function toggled(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Jobs in rows, to be looked into and to be selected. */
export function JobsTable({ jobs, selected, onSelect }: JobsTableProps) {
  const isAll = jobs.length > 0 && jobs.every(({ id }) => selected.has(id));
  return (
    <Table.ScrollContainer
      minWidth={MIN_WIDTH}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Jobs' } }}
    >
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Checkbox
                aria-label="Select all shown"
                checked={isAll}
                indeterminate={!isAll && selected.size > 0}
                onChange={() => onSelect(isAll ? new Set() : new Set(jobs.map(({ id }) => id)))}
              />
            </Table.Th>
            <Table.Th>Job</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Tenant</Table.Th>
            <Table.Th>Model</Table.Th>
            <Table.Th>Task</Table.Th>
            <Table.Th>Attempt</Table.Th>
            <Table.Th>Created</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {jobs.map((job) => (
            <Table.Tr key={job.id} data-selected={selected.has(job.id)}>
              <Table.Td>
                <Checkbox
                  aria-label={`Select ${job.id}`}
                  checked={selected.has(job.id)}
                  onChange={() => onSelect(toggled(selected, job.id))}
                />
              </Table.Td>
              <Table.Td>
                <Anchor
                  size="sm"
                  ff="monospace"
                  renderRoot={(props) => <Link to="/jobs/$id" params={{ id: job.id }} {...props} />}
                >
                  {job.id}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <StateBadge status={job.status} />
              </Table.Td>
              <Table.Td>{job.tenantId}</Table.Td>
              <Table.Td>{job.model}</Table.Td>
              <Table.Td>{job.task}</Table.Td>
              <Table.Td>{job.attempt}</Table.Td>
              <Table.Td>
                <Moment at={job.createdAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
