import { type Queue, queueSchema, queuesSchema } from '@afterimage/admin-schemas';
import { Badge, Group, Text } from '@mantine/core';
import { act } from '../../api/client.ts';
import { useMay } from '../../app/session.ts';
import { ConfirmAct } from '../../parts/confirm-act.tsx';
import { formatCount, formatMs } from '../../parts/format.ts';
import { LiveQuery } from '../../parts/live-query.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Rows } from '../../parts/rows.tsx';

const LIVE_MS = 5000;
const HEADS = [
  'Queue',
  'Waiting',
  'In flight',
  'Delayed',
  'Dead letters',
  'Oldest',
  'In / min',
  'Out / min',
  'Empty in',
  '',
];

function msOf(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000;
}

function QueueActs({ queue }: { readonly queue: Queue }) {
  const mayOperate = useMay('operator');
  const mayPurge = useMay('admin');
  const { name, pool, isPaused, visible } = queue;
  const path = `/queues/${encodeURIComponent(name)}`;
  if (pool === null) return null;
  return (
    <Group gap="xs" wrap="nowrap">
      {mayOperate && (
        <ConfirmAct
          label={isPaused ? `Resume ${name}` : `Pause ${name}`}
          shortLabel={isPaused ? 'Resume' : 'Pause'}
          consequence={
            isPaused
              ? 'Workers take jobs from this queue again.'
              : 'No worker takes a job from this queue; new jobs wait in it.'
          }
          act={(reason) => act(queueSchema, `${path}/${isPaused ? 'resume' : 'pause'}`, { reason })}
        />
      )}
      {mayPurge && (
        <ConfirmAct
          label={`Purge ${name}`}
          shortLabel="Purge"
          consequence={`${formatCount(visible)} ${visible === 1 ? 'message that waits' : 'messages that wait'} in this queue will be dropped, and their jobs canceled.`}
          isDangerous
          isDisabled={visible === 0}
          act={(reason) => act(queueSchema, `${path}/purge`, { reason, expectedCount: visible })}
        />
      )}
    </Group>
  );
}

/** How much waits where, how fast it goes, and when it will be gone. */
export function QueuesView() {
  return (
    <>
      <PageHead title="Queues" description="What waits for a worker, and how fast it goes." />
      <LiveQuery schema={queuesSchema} path="/queues" everyMs={LIVE_MS}>
        {({ data }) => (
          <Rows
            label="Queues"
            heads={HEADS}
            minWidth={1000}
            rows={data.map((queue) => ({
              id: queue.name,
              cells: [
                <Group key="name" gap="xs" wrap="nowrap">
                  <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
                    {queue.name}
                  </Text>
                  {queue.isPaused && (
                    <Badge color="orange" variant="light" tt="none">
                      paused
                    </Badge>
                  )}
                </Group>,
                formatCount(queue.visible),
                formatCount(queue.inFlight),
                formatCount(queue.delayed),
                formatCount(queue.deadLetters),
                formatMs(msOf(queue.oldestAgeSeconds)),
                formatCount(queue.arrivedPerMinute),
                formatCount(queue.endedPerMinute),
                queue.secondsToEmpty === 0 ? 'is empty' : formatMs(msOf(queue.secondsToEmpty)),
                <QueueActs key="acts" queue={queue} />,
              ],
            }))}
          />
        )}
      </LiveQuery>
    </>
  );
}
