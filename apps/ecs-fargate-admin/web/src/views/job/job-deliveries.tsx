import { deliveryPageSchema } from '@afterimage/admin-schemas';
import { Text } from '@mantine/core';
import { Deliveries } from '../../parts/deliveries.tsx';
import { LiveQuery } from '../../parts/live-query.tsx';

const LIVE_MS = 2000;
const QUIET_MS = 10_000;

/** What was sent about the job, to whom, and how that went. */
export function JobDeliveries({ id, isLive }: { readonly id: string; readonly isLive: boolean }) {
  return (
    <LiveQuery
      schema={deliveryPageSchema}
      path={`/jobs/${encodeURIComponent(id)}/deliveries`}
      everyMs={isLive ? LIVE_MS : QUIET_MS}
    >
      {({ data }) =>
        data.length === 0 ? <Text size="sm">Nobody asked to be told of it.</Text> : <Deliveries deliveries={data} />
      }
    </LiveQuery>
  );
}
