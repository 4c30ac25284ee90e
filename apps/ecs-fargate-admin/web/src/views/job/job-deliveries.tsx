import { deliveryPageSchema } from '@afterimage/admin-schemas';
import { Text } from '@mantine/core';
import { Deliveries } from '../../parts/deliveries.tsx';
import { LiveQuery } from '../../parts/live-query.tsx';

const LIVE_MS = 3000;

/** What was sent about the job, to whom, and how that went. */
export function JobDeliveries({ id }: { readonly id: string }) {
  return (
    <LiveQuery schema={deliveryPageSchema} path={`/jobs/${encodeURIComponent(id)}/deliveries`} everyMs={LIVE_MS}>
      {({ data }) =>
        data.length === 0 ? <Text size="sm">Nobody asked to be told of it.</Text> : <Deliveries deliveries={data} />
      }
    </LiveQuery>
  );
}
