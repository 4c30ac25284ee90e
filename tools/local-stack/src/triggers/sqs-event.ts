import type { Message } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSMessageAttribute, SQSRecord } from 'aws-lambda';
import { REGION } from '../lambda/definition.ts';

/** A message as SQS hands it out; the SDK's type leaves everything optional. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly message: Message;
}

/** Leaves out what has no id or handle, which SQS never sends. */
export function receivedMessages(messages: readonly Message[] | undefined): ReceivedMessage[] {
  return (messages ?? []).flatMap((message) =>
    message.MessageId === undefined || message.ReceiptHandle === undefined
      ? []
      : [{ messageId: message.MessageId, receiptHandle: message.ReceiptHandle, message }],
  );
}

function attributes(message: Message): Record<string, SQSMessageAttribute> {
  const entries = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => {
    const attribute: SQSMessageAttribute = {
      ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
      ...(value.BinaryValue === undefined ? {} : { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
      stringListValues: [],
      binaryListValues: [],
      dataType: value.DataType ?? 'String',
    };
    return [name, attribute] as const;
  });
  return Object.fromEntries(entries);
}

function record({ messageId, receiptHandle, message }: ReceivedMessage, queueArn: string): SQSRecord {
  const system = message.Attributes ?? {};
  return {
    messageId,
    receiptHandle,
    body: message.Body ?? '',
    attributes: {
      ...system,
      ApproximateReceiveCount: system.ApproximateReceiveCount ?? '1',
      ApproximateFirstReceiveTimestamp: system.ApproximateFirstReceiveTimestamp ?? '0',
      SenderId: system.SenderId ?? '',
      SentTimestamp: system.SentTimestamp ?? '0',
    },
    messageAttributes: attributes(message),
    md5OfBody: message.MD5OfBody ?? '',
    ...(message.MD5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: REGION,
  };
}

/** The event of an SQS event source mapping. */
export function sqsEvent(messages: readonly ReceivedMessage[], queueArn: string): SQSEvent {
  return { Records: messages.map((message) => record(message, queueArn)) };
}
