import { SqsSchema } from '@aws-lambda-powertools/parser/schemas/sqs';
import { describe, expect, it } from 'vitest';
import { receivedMessages, sqsEvent } from './sqs-event.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:notifications';
const MESSAGE = {
  MessageId: 'm-1',
  ReceiptHandle: 'r-1',
  Body: '{}',
  MD5OfBody: '99914b932bd37a50b983c5e7c90ae93b',
  Attributes: {
    SenderId: 'me',
    SentTimestamp: '1',
    ApproximateReceiveCount: '2',
    ApproximateFirstReceiveTimestamp: '3',
  },
  MessageAttributes: {
    type: { DataType: 'String', StringValue: 'job.succeeded' },
    bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) },
  },
};

describe('sqsEvent', () => {
  it('is an event of an SQS trigger', () => {
    expect(() => SqsSchema.parse(sqsEvent(receivedMessages([MESSAGE]), ARN))).not.toThrow();
  });

  it('spells attributes as Lambda does', () => {
    const [record] = sqsEvent(receivedMessages([MESSAGE]), ARN).Records;

    expect(record).toMatchObject({
      messageId: 'm-1',
      receiptHandle: 'r-1',
      body: '{}',
      eventSource: 'aws:sqs',
      eventSourceARN: ARN,
      awsRegion: 'us-east-1',
      attributes: { ApproximateReceiveCount: '2', SenderId: 'me' },
      messageAttributes: {
        type: { stringValue: 'job.succeeded', dataType: 'String' },
        bytes: { binaryValue: 'AQID', dataType: 'Binary' },
      },
    });
  });
});
