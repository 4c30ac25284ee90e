import type { EndpointEventType, WebhookEndpoint } from '@afterimage/client';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatTable } from '../output/table.ts';
import type { CommandContext } from './context.ts';

interface EndpointOptions {
  readonly event?: readonly EndpointEventType[];
  readonly description?: string;
}

export interface CreateEndpointOptions extends EndpointOptions {
  readonly idempotencyKey?: string;
}

export interface UpdateEndpointOptions extends EndpointOptions {
  readonly url?: string;
}

function print({ stdout }: Pick<CommandContext, 'stdout'>, value: object, isJson: boolean): ExitCode {
  stdout.write(`${JSON.stringify(value, null, isJson ? 0 : 2)}\n`);
  return EXIT.ok;
}

function stateOf({ enabled, disabledReason, failingSince }: WebhookEndpoint): string {
  if (!enabled) return `disabled (${disabledReason})`;
  return failingSince === null ? 'enabled' : 'failing';
}

/** `afterimage webhooks endpoints create`: prints the endpoint with its secret, which the API shows this once. */
export async function createEndpoint(
  context: CommandContext,
  url: string,
  { event: events, description, idempotencyKey }: CreateEndpointOptions,
  isJson: boolean,
): Promise<ExitCode> {
  const request = { url, events, description };
  const endpoint = await context.client.webhookEndpoints.create(request, {
    idempotencyKey,
    signal: context.interrupted,
  });
  context.reporter.notice('keep the secret: it is not shown again');
  return print(context, endpoint, isJson);
}

/** `afterimage webhooks endpoints ls`: a table, or an endpoint a line in JSON. */
export async function listEndpoints(context: CommandContext, isJson: boolean): Promise<ExitCode> {
  const { client, stdout, interrupted: signal } = context;
  const endpoints = await client.webhookEndpoints.list({ signal });
  if (isJson) {
    for (const endpoint of endpoints) stdout.write(`${JSON.stringify(endpoint)}\n`);
    return EXIT.ok;
  }
  const cells = endpoints.map((each) => [stateOf(each), each.id, each.url, each.events.join(' ')]);
  stdout.write(cells.length === 0 ? 'no endpoints\n' : formatTable([['STATE', 'ID', 'URL', 'EVENTS'], ...cells]));
  return EXIT.ok;
}

/** `afterimage webhooks endpoints get`. */
export async function getEndpoint(context: CommandContext, id: string, isJson: boolean): Promise<ExitCode> {
  return print(context, await context.client.webhookEndpoints.get(id, { signal: context.interrupted }), isJson);
}

/** `afterimage webhooks endpoints update`: changes what is given, and leaves the rest as it is. */
export async function updateEndpoint(
  { client, stdout, interrupted: signal }: CommandContext,
  id: string,
  { url, event: events, description }: UpdateEndpointOptions,
  isJson: boolean,
): Promise<ExitCode> {
  if (url === undefined && events === undefined && description === undefined) {
    throw new CliError(EXIT.usage, 'nothing to change: give --url, --event or --description');
  }
  const endpoint = await client.webhookEndpoints.update(id, { url, events, description }, { signal });
  return print({ stdout }, endpoint, isJson);
}

/** `afterimage webhooks endpoints enable` and `disable`. */
export async function switchEndpoint(context: CommandContext, id: string, enabled: boolean): Promise<ExitCode> {
  const { client, stdout, interrupted: signal } = context;
  const endpoint = await client.webhookEndpoints.update(id, { enabled }, { signal });
  stdout.write(`${endpoint.id} ${endpoint.enabled ? 'enabled' : 'disabled'}\n`);
  return EXIT.ok;
}

/** `afterimage webhooks endpoints rm`. */
export async function removeEndpoint(context: CommandContext, id: string): Promise<ExitCode> {
  await context.client.webhookEndpoints.delete(id, { signal: context.interrupted });
  context.stdout.write(`${id} deleted\n`);
  return EXIT.ok;
}

/** `afterimage webhooks endpoints rotate`: prints the endpoint with its new secret. */
export async function rotateSecret(context: CommandContext, id: string, isJson: boolean): Promise<ExitCode> {
  const endpoint = await context.client.webhookEndpoints.rotateSecret(id, { signal: context.interrupted });
  context.reporter.notice(`the old secret signs as well until ${endpoint.secretRotatedUntil}`);
  return print(context, endpoint, isJson);
}

/** `afterimage webhooks endpoints test`: fails when the test did not arrive. */
export async function testEndpoint(context: CommandContext, id: string, isJson: boolean): Promise<ExitCode> {
  const delivery = await context.client.webhookEndpoints.test(id, { signal: context.interrupted });
  print(context, delivery, isJson);
  return delivery.status === 'delivered' ? EXIT.ok : EXIT.failed;
}
