import type { AdminJob } from '@afterimage/admin-schemas';
import { Text } from '@mantine/core';
import { formatMs } from '../../parts/format.ts';
import { Moment } from '../../parts/moment.tsx';
import { Rows } from '../../parts/rows.tsx';

const MIN_WIDTH = 420;

/** Every attempt at the job, and how it ended. */
export function JobAttempts({ attempts }: Pick<AdminJob, 'attempts'>) {
  if (attempts.length === 0) return <Text size="sm">No worker has begun with it.</Text>;
  return (
    <Rows
      label="Attempts"
      heads={['Attempt', 'Outcome', 'Began', 'Took']}
      minWidth={MIN_WIDTH}
      rows={attempts.map(({ number, outcome, reason, startedAt, endedAt }) => ({
        id: String(number),
        cells: [
          number,
          [outcome ?? 'under way', ...(reason === null ? [] : [reason])].join(': '),
          <Moment key="began" at={startedAt} />,
          formatMs(endedAt === null ? null : Date.parse(endedAt) - Date.parse(startedAt)),
        ],
      }))}
    />
  );
}
