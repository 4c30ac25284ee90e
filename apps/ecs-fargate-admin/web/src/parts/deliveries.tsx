import { type WebhookDelivery, webhookDeliverySchema } from '@afterimage/job-schemas';
import { Badge, Stack, Text } from '@mantine/core';
import { act } from '../api/client.ts';
import { useMay } from '../app/session.ts';
import { ConfirmAct } from './confirm-act.tsx';
import { formatMs } from './format.ts';
import { Moment } from './moment.tsx';
import { Rows } from './rows.tsx';

const COLOURS = { pending: 'blue', delivered: 'green', failed: 'red' } as const;

function Attempts({ attempts }: Pick<WebhookDelivery, 'attempts'>) {
  if (attempts.length === 0) return <>–</>;
  return (
    <Stack gap={0}>
      {attempts.map(({ number, statusCode, error, latencyMs }) => (
        <Text key={number} size="xs">
          {number}: {statusCode ?? error ?? 'no answer'} in {formatMs(latencyMs)}
        </Text>
      ))}
    </Stack>
  );
}

function Redeliver({ id }: Pick<WebhookDelivery, 'id'>) {
  const mayOperate = useMay('operator');
  if (!mayOperate) return null;
  return (
    <ConfirmAct
      label="Redeliver"
      consequence="1 event will be sent again, under the same id."
      act={(reason) => act(webhookDeliverySchema, `/webhook-deliveries/${id}/redeliver`, { reason })}
    />
  );
}

/** Webhook deliveries, with every attempt at them. */
export function Deliveries({ deliveries }: { readonly deliveries: readonly WebhookDelivery[] }) {
  return (
    <Rows
      label="Deliveries"
      heads={['Created', 'Event', 'About', 'State', 'Attempts', 'Next', '']}
      minWidth={1000}
      rows={deliveries.map((delivery) => ({
        id: delivery.id,
        cells: [
          <Moment key="created" at={delivery.createdAt} />,
          delivery.eventType,
          delivery.subject,
          <Badge key="state" variant="dot" tt="none" miw="max-content" color={COLOURS[delivery.status]}>
            {delivery.status}
          </Badge>,
          <Attempts key="attempts" attempts={delivery.attempts} />,
          <Moment key="next" at={delivery.nextAttemptAt} />,
          <Redeliver key="acts" id={delivery.id} />,
        ],
      }))}
    />
  );
}
