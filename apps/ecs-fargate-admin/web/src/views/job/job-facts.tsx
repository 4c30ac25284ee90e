import type { AdminJob } from '@afterimage/admin-schemas';
import { Anchor, Code } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CopyText } from '../../parts/copy-text.tsx';
import { Facts } from '../../parts/facts.tsx';
import { formatMs } from '../../parts/format.ts';
import { Moment } from '../../parts/moment.tsx';
import { useSession } from '../../app/session.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { filledLink } from './filled-link.ts';

interface ElsewhereProps {
  /** As the session has it. */
  readonly template: string | null;
  readonly job: AdminJob;
  readonly children?: string | undefined;
}

function JobLink({ id }: { readonly id: string }) {
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/jobs/$id" params={{ id }} {...props} />}>
      {id}
    </Anchor>
  );
}

function Elsewhere({ template, job, children }: ElsewhereProps) {
  const ageMs = Date.now() - Date.parse(job.createdAt);
  const href = filledLink(template, { jobId: job.id, traceId: job.traceId, ageMs });
  if (href === null) return <>{children ?? '–'}</>;
  return (
    <Anchor size="sm" href={href} target="_blank" rel="noreferrer">
      {children ?? 'Open'}
    </Anchor>
  );
}

/** Where they are, or the command that prints them. */
function Logs({ job }: { readonly job: AdminJob }) {
  const { links, logsCommand } = useSession();
  if (links.logs !== null || logsCommand === null) return <Elsewhere template={links.logs} job={job} />;
  return <CopyText label="Copy command" text={logsCommand.replaceAll('{jobId}', job.id)} />;
}

/** State, times, lease and policy of a job. */
export function JobFacts({ job }: { readonly job: AdminJob }) {
  const { timings, policy, metadata } = job;
  const { links } = useSession();
  const facts = [
    { name: 'State', value: <StateBadge status={job.status} />, note: job.phase ?? undefined },
    { name: 'Pool', value: job.pool },
    { name: 'Priority', value: policy.priority },
    {
      name: 'Attempt',
      value: `${job.attempt} of ${policy.maxAttempts}`,
      note: `${job.failures} failed, ${job.losses} lost`,
    },
    { name: 'Worker', value: job.leaseOwner ?? '–' },
    { name: 'Created', value: <Moment at={job.createdAt} /> },
    { name: 'Started', value: <Moment at={job.startedAt} /> },
    { name: 'Finished', value: <Moment at={job.finishedAt} /> },
    { name: 'Must start by', value: <Moment at={job.startDeadlineAt} /> },
    { name: 'Files expire', value: <Moment at={job.expiresAt} /> },
    { name: 'In the queue', value: formatMs(timings.queuedMs) },
    { name: 'Model load', value: formatMs(timings.modelLoadMs) },
    { name: 'On the engine', value: formatMs(timings.inferenceMs) },
    { name: 'Upload', value: formatMs(timings.uploadMs) },
    {
      name: 'Trace',
      value: (
        <Elsewhere template={links.trace} job={job}>
          {job.traceId ?? undefined}
        </Elsewhere>
      ),
    },
    { name: 'Logs', value: <Logs job={job} /> },
    ...(job.retryOf === null ? [] : [{ name: 'Retry of', value: <JobLink id={job.retryOf} /> }]),
    ...(job.batchId === null ? [] : [{ name: 'Batch', value: job.batchId }]),
    ...Object.entries(metadata).map(([key, value]) => ({ name: `metadata.${key}`, value: <Code>{value}</Code> })),
  ];
  return <Facts facts={facts} label="Job" />;
}
