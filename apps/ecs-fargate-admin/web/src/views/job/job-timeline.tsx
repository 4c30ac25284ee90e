import type { AdminJob, AdminJobDetail } from '@afterimage/admin-schemas';
import { Text, Timeline } from '@mantine/core';
import { formatMs } from '../../parts/format.ts';
import { Moment } from '../../parts/moment.tsx';

type Entry = AdminJobDetail['timeline'][number];

function titleOf({ status, phase, attempt }: Entry): string {
  const parts = [status, phase ?? undefined, attempt === undefined ? undefined : `attempt ${attempt}`];
  return parts.filter((part) => part !== undefined).join(' · ');
}

interface JobTimelineProps {
  readonly job: AdminJob;
  readonly timeline: readonly Entry[];
}

/** What happened to the job, in order, and how long it took from one to the next. */
export function JobTimeline({ job, timeline }: JobTimelineProps) {
  if (timeline.length === 0) return <Text size="sm">{job.erasedAt === null ? 'Nothing yet.' : 'Erased.'}</Text>;
  return (
    <Timeline bulletSize={12} lineWidth={2} active={timeline.length}>
      {timeline.map((entry, index) => {
        const before = timeline[index - 1];
        const afterMs = before === undefined ? null : Date.parse(entry.at) - Date.parse(before.at);
        return (
          <Timeline.Item key={`${entry.at}-${titleOf(entry)}`} title={titleOf(entry)}>
            <Moment at={entry.at} />
            {afterMs !== null && (
              <Text span size="xs" c="dimmed">
                {' '}
                after {formatMs(afterMs)}
              </Text>
            )}
            {entry.reason && <Text size="sm">{entry.reason}</Text>}
          </Timeline.Item>
        );
      })}
    </Timeline>
  );
}
