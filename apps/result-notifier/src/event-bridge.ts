import { asciiJson, callAws } from '@afterimage/job-aws';
import { DependencyUnavailableError } from '@afterimage/job-core';
import type { Notification } from '@afterimage/job-schemas';
import { EventBridgeClient, type EventBridgeClientConfig, PutEventsCommand } from '@aws-sdk/client-eventbridge';

/** Source of the entries, for the patterns of rules. */
const SOURCE = 'afterimage';

/** Every call ends: 2 s to connect, 5 s for the answer, three attempts. */
export function createEventBridgeClient(options: EventBridgeClientConfig = {}): EventBridgeClient {
  const requestHandler = { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true };
  return new EventBridgeClient({ maxAttempts: 3, ...options, requestHandler });
}

export interface EventBus {
  readonly client: Pick<EventBridgeClient, 'send'>;
  /** Name or ARN. */
  readonly name: string;
}

/**
 * Puts each event of the `job-events` topic on an EventBridge bus: the CloudEvent is the detail, its type the detail type.
 * The bus can refuse an entry in an answer of 200: that rejects as well, so that the message comes back.
 */
export function makePutOnBus({ client, name }: EventBus) {
  return async function putOnBus(notification: Notification): Promise<void> {
    if (!('specversion' in notification)) return;
    const { type, time, subject } = notification;
    const entry = {
      EventBusName: name,
      Source: SOURCE,
      DetailType: type,
      Time: new Date(time),
      Resources: [subject],
      Detail: asciiJson(notification),
    };
    const command = new PutEventsCommand({ Entries: [entry] });
    const { FailedEntryCount = 0, Entries = [] } = await callAws('the event bus', () => client.send(command));
    if (FailedEntryCount === 0) return;
    throw new DependencyUnavailableError(`the event bus refused an event: ${Entries[0]?.ErrorCode ?? 'no code'}`);
  };
}
