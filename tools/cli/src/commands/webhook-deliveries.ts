import type { WebhookDelivery } from '@afterimage/client';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatTable } from '../output/table.ts';
import type { CommandContext } from './context.ts';

export interface ListDeliveriesOptions {
  readonly status?: string;
  readonly limit: number;
}

export interface RedeliverOptions {
  readonly endpoint?: string;
  readonly failedSince?: string;
}

function lastAnswer({ attempts }: WebhookDelivery): string {
  const last = attempts.at(-1);
  return last === undefined ? '-' : String(last.statusCode ?? last.error);
}

/** `afterimage webhooks deliveries ls`: a table, or a delivery a line in JSON. */
export async function listDeliveries(
  { client, stdout, interrupted: signal }: CommandContext,
  endpointId: string,
  { status, limit }: ListDeliveriesOptions,
  isJson: boolean,
): Promise<ExitCode> {
  const deliveries: WebhookDelivery[] = [];
  for await (const delivery of client.webhookEndpoints.deliveries(endpointId, { status, limit, signal })) {
    if (isJson) stdout.write(`${JSON.stringify(delivery)}\n`);
    else deliveries.push(delivery);
  }
  if (isJson) return EXIT.ok;
  const cells = deliveries.map((each) => [
    each.status,
    each.eventType,
    each.createdAt,
    String(each.attempts.length),
    each.id,
    lastAnswer(each),
  ]);
  const head = ['STATUS', 'EVENT', 'CREATED', 'ATTEMPTS', 'ID', 'LAST ANSWER'];
  stdout.write(cells.length === 0 ? 'no deliveries\n' : formatTable([head, ...cells]));
  return EXIT.ok;
}

/** `afterimage webhooks deliveries redeliver`: one delivery, or all of an endpoint that failed since a time. */
export async function redeliver(
  { client, stdout, interrupted: signal }: CommandContext,
  id: string | undefined,
  { endpoint, failedSince }: RedeliverOptions,
): Promise<ExitCode> {
  if (id !== undefined) {
    const delivery = await client.webhookDeliveries.redeliver(id, { signal });
    stdout.write(`${delivery.id} ${delivery.status}\n`);
    return EXIT.ok;
  }
  if (endpoint === undefined || failedSince === undefined) {
    throw new CliError(EXIT.usage, 'give the id of a delivery, or --endpoint and --failed-since');
  }
  const count = await client.webhookEndpoints.redeliverFailed(endpoint, failedSince, { signal });
  stdout.write(`${count === 1 ? '1 delivery is on its' : `${count} deliveries are on their`} way again\n`);
  return EXIT.ok;
}
