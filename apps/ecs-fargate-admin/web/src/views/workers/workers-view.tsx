import { type WorkerView, workerSchema, workersSchema } from '@afterimage/admin-schemas';
import { Anchor, Badge, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { act } from '../../api/client.ts';
import { useMay } from '../../app/session.ts';
import { ConfirmAct } from '../../parts/confirm-act.tsx';
import { formatMs } from '../../parts/format.ts';
import { LiveQuery } from '../../parts/live-query.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Rows } from '../../parts/rows.tsx';

const LIVE_MS = 5000;
const HEADS = ['Worker', 'Pool', 'State', 'Model', 'Job', 'Lease age', 'Spot notice', 'Started', 'Seen', ''];

function Drain({ worker }: { readonly worker: WorkerView }) {
  const mayOperate = useMay('operator');
  if (!mayOperate) return null;
  return (
    <ConfirmAct
      label={`Drain ${worker.id}`}
      shortLabel="Drain"
      consequence="1 worker will finish the job that it has, take no other, and end."
      isDisabled={worker.isDraining}
      act={(reason) => act(workerSchema, `/workers/${encodeURIComponent(worker.id)}/drain`, { reason })}
    />
  );
}

function cellsOf(worker: WorkerView) {
  const { id, pool, engine, state, model, jobId, leaseAgeSeconds, hasSpotNotice, isDraining, startedAt, seenAt } =
    worker;
  return [
    id,
    `${pool} (${engine})`,
    <Badge key="state" variant="dot" tt="none" miw="max-content" color={isDraining ? 'orange' : 'blue'}>
      {isDraining ? 'draining' : state}
    </Badge>,
    model ?? '–',
    jobId === null ? (
      '–'
    ) : (
      <Anchor key="job" size="sm" renderRoot={(props) => <Link to="/jobs/$id" params={{ id: jobId }} {...props} />}>
        {jobId}
      </Anchor>
    ),
    formatMs(leaseAgeSeconds === null ? null : leaseAgeSeconds * 1000),
    hasSpotNotice ? 'yes' : '–',
    <Moment key="started" at={startedAt} />,
    <Moment key="seen" at={seenAt} />,
    <Drain key="acts" worker={worker} />,
  ];
}

/** Who works, on what. */
export function WorkersView() {
  return (
    <>
      <PageHead title="Workers" description="By what each last told of itself." />
      <LiveQuery schema={workersSchema} path="/workers" everyMs={LIVE_MS}>
        {({ data }) =>
          data.length === 0 ? (
            <Text c="dimmed">No worker has told of itself lately.</Text>
          ) : (
            <Rows
              label="Workers"
              heads={HEADS}
              minWidth={1020}
              rows={data.map((worker) => ({ id: worker.id, cells: cellsOf(worker) }))}
            />
          )
        }
      </LiveQuery>
    </>
  );
}
