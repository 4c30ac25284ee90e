import { DependencyUnavailableError } from '@afterimage/job-core';
import { describe, expect, it } from 'vitest';
import { callAws, isConditionRefused, isTransientAwsError } from './aws-errors.ts';

function awsError(name: string, httpStatusCode?: number): Error {
  return Object.assign(new Error('told by AWS'), { name, $metadata: { httpStatusCode } });
}

function networkError(code: string): Error {
  return Object.assign(new Error('told by Node.js'), { code });
}

describe('isTransientAwsError', () => {
  it.each([
    ['DynamoDB throttles', awsError('ProvisionedThroughputExceededException', 400)],
    ['SQS throttles', awsError('RequestThrottled', 403)],
    ['SNS throttles', awsError('Throttling', 400)],
    ['S3 throttles', awsError('SlowDown', 503)],
    ['the service fails', awsError('InternalServerError', 500)],
    ['there are too many requests', awsError('Unknown', 429)],
    ['the answer takes too long', awsError('TimeoutError')],
    ['nobody listens', networkError('ECONNREFUSED')],
    ['the connection breaks', networkError('ECONNRESET')],
    ['the name does not resolve', networkError('EAI_AGAIN')],
  ])('when %s', (_, error) => {
    expect(isTransientAwsError(error)).toBe(true);
  });

  it.each([
    ['a condition does not hold', awsError('ConditionalCheckFailedException', 400)],
    ['the request is wrong', awsError('ValidationException', 400)],
    ['the table is not there', awsError('ResourceNotFoundException', 400)],
    ['access is denied', awsError('AccessDenied', 403)],
    ['the caller gave up', awsError('AbortError')],
    ['it is a bug', new TypeError('undefined is not a function')],
    ['it is no error', 'TimeoutError'],
    ['it is nothing', undefined],
  ])('not when %s', (_, error) => {
    expect(isTransientAwsError(error)).toBe(false);
  });
});

describe('isConditionRefused', () => {
  it('knows the one error of DynamoDB', () => {
    expect(isConditionRefused(awsError('ConditionalCheckFailedException', 400))).toBe(true);
    expect(isConditionRefused(awsError('ValidationException', 400))).toBe(false);
  });
});

describe('callAws', () => {
  it('yields what the call yields', async () => {
    expect(await callAws('the table', async () => 3)).toBe(3);
  });

  it('translates a transient error, and keeps its cause', async () => {
    const cause = awsError('ThrottlingException', 400);

    const call = callAws('the table', () => Promise.reject(cause));

    await expect(call).rejects.toBeInstanceOf(DependencyUnavailableError);
    await expect(call).rejects.toMatchObject({ message: 'the table is not available: ThrottlingException', cause });
  });

  it('leaves any other error as it is', async () => {
    const error = awsError('ValidationException', 400);

    await expect(callAws('the table', () => Promise.reject(error))).rejects.toBe(error);
  });
});
