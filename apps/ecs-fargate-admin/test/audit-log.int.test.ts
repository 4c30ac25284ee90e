import { createDynamoClient, createTableInput } from '@afterimage/job-aws';
import { type EmbeddedAws, startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import { afterAll, beforeAll, describe } from 'vitest';
import { DynamoAuditLog } from '../src/audit/dynamo-audit-log.ts';
import { describeAuditLog } from './audit-log-contract.ts';
import { InMemoryAuditLog } from './in-memory-audit-log.ts';

const now = () => new Date('2026-11-22T12:00:00.000Z');

describe('in memory', () => {
  describeAuditLog(async () => new InMemoryAuditLog());
});

describe('in DynamoDB', () => {
  let aws: EmbeddedAws;
  let tables = 0;
  beforeAll(async () => {
    aws = await startEmbeddedAws();
  });
  afterAll(() => aws.stop());

  describeAuditLog(async () => {
    tables += 1;
    const table = await aws.createTable(createTableInput(`audit-${tables}`));
    return new DynamoAuditLog(createDynamoClient(aws.options.dynamodb), table, now);
  });
});
