import { type Command, InvalidArgumentError, Option } from 'commander';
import type { EndpointEventType } from '@afterimage/client';
import { endpointEventTypeSchema } from '@afterimage/job-schemas';
import { parseCount, parseHttpUrl } from './arguments.ts';
import { listen, type ListenOptions } from './commands/listen.ts';
import {
  listDeliveries,
  type ListDeliveriesOptions,
  redeliver,
  type RedeliverOptions,
} from './commands/webhook-deliveries.ts';
import {
  createEndpoint,
  type CreateEndpointOptions,
  getEndpoint,
  listEndpoints,
  removeEndpoint,
  rotateSecret,
  switchEndpoint,
  testEndpoint,
  updateEndpoint,
  type UpdateEndpointOptions,
} from './commands/webhook-endpoints.ts';
import type { Action } from './session.ts';

const EVENTS = endpointEventTypeSchema.options;

function collectEvents(value: string, previous: readonly EndpointEventType[] = []): readonly EndpointEventType[] {
  const event = EVENTS.find((each) => each === value);
  if (event === undefined) throw new InvalidArgumentError(`must be one of ${EVENTS.join(', ')}.`);
  return [...previous, event];
}

const eventOption = () =>
  new Option('--event <type>', 'what to be told of, repeatable (default: the ends of jobs and batches)').argParser(
    collectEvents,
  );

/** Adds `webhooks endpoints`, `webhooks deliveries` and `webhooks listen`. */
export function addWebhooks(webhooks: Command, action: Action): void {
  addEndpoints(webhooks.command('endpoints').description('where events are sent to'), action);
  addDeliveries(webhooks.command('deliveries').description('what was sent, and what was answered'), action);
  webhooks
    .command('listen')
    .description('pass the events of the local stack on to a receiver, for as long as the command runs')
    .requiredOption('--forward-to <url>', 'the receiver', parseHttpUrl)
    .addOption(eventOption())
    .action((options: ListenOptions, command: Command) =>
      action((context, isJson) => listen(context, options, isJson), command),
    );
}

function addEndpoints(endpoints: Command, action: Action): void {
  endpoints
    .command('create')
    .description('register an endpoint and print it with its secret')
    .argument('<url>', 'https URL of the receiver')
    .addOption(eventOption())
    .option('--description <text>', 'what it is for')
    .option('--idempotency-key <key>', 'create the endpoint at most once under this key (default: a new one)')
    .action((url: string, options: CreateEndpointOptions, command: Command) =>
      action((context, isJson) => createEndpoint(context, url, options, isJson), command),
    );
  endpoints
    .command('ls')
    .description('list the endpoints')
    .action((_options: object, command: Command) => action(listEndpoints, command));
  const ofOne = (name: string, description: string) =>
    endpoints.command(name).description(description).argument('<id>', 'endpoint id');
  ofOne('get', 'print an endpoint as JSON').action((id: string, _options: object, command: Command) =>
    action((context, isJson) => getEndpoint(context, id, isJson), command),
  );
  ofOne('update', 'change what is given, and leave the rest as it is')
    .option('--url <url>', 'https URL of the receiver')
    .addOption(new Option('--event <type>', 'what to be told of from now on, repeatable').argParser(collectEvents))
    .option('--description <text>', 'what it is for')
    .action((id: string, options: UpdateEndpointOptions, command: Command) =>
      action((context, isJson) => updateEndpoint(context, id, options, isJson), command),
    );
  ofOne('enable', 'send events again').action((id: string, _options: object, command: Command) =>
    action((context) => switchEndpoint(context, id, true), command),
  );
  ofOne('disable', 'send no more events').action((id: string, _options: object, command: Command) =>
    action((context) => switchEndpoint(context, id, false), command),
  );
  ofOne('rm', 'delete an endpoint').action((id: string, _options: object, command: Command) =>
    action((context) => removeEndpoint(context, id), command),
  );
  ofOne('rotate', 'make a new secret; the old one goes on for 24 hours').action(
    (id: string, _options: object, command: Command) =>
      action((context, isJson) => rotateSecret(context, id, isJson), command),
  );
  ofOne('test', 'send a test event now and print what became of it').action(
    (id: string, _options: object, command: Command) =>
      action((context, isJson) => testEndpoint(context, id, isJson), command),
  );
}

function addDeliveries(deliveries: Command, action: Action): void {
  deliveries
    .command('ls')
    .description('list the newest deliveries to an endpoint')
    .argument('<endpoint>', 'endpoint id')
    .option('--status <status>', 'only those that are pending, delivered or failed')
    .option('--limit <count>', 'how many', parseCount, 20)
    .action((endpointId: string, options: ListDeliveriesOptions, command: Command) =>
      action((context, isJson) => listDeliveries(context, endpointId, options, isJson), command),
    );
  deliveries
    .command('redeliver')
    .description('send an event again, or all of an endpoint that failed')
    .argument('[id]', 'delivery id')
    .option('--endpoint <id>', 'with --failed-since, in place of a delivery')
    .option('--failed-since <time>', 'RFC 3339, like 2026-01-02T03:04:05Z')
    .action((id: string | undefined, options: RedeliverOptions, command: Command) =>
      action((context) => redeliver(context, id, options), command),
    );
}
