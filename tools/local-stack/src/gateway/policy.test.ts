import { describe, expect, it } from 'vitest';
import { allows, authorizerResultSchema } from './policy.ts';

const ARN = 'arn:aws:execute-api:us-east-1:000000000000:local/local/GET/v1/jobs';

function policy(...statements: readonly [effect: 'Allow' | 'Deny', resource: string | string[], action?: string][]) {
  const result = authorizerResultSchema.parse({
    principalId: 'key',
    policyDocument: {
      Version: '2012-10-17',
      Statement: statements.map(([Effect, Resource, Action = 'execute-api:Invoke']) => ({ Effect, Action, Resource })),
    },
  });
  return result.policyDocument;
}

describe('allows', () => {
  it.each([ARN, '*', 'arn:aws:execute-api:*:*:local/local/*', 'arn:aws:execute-api:us-east-?:*:local/*/GET/v1/jobs'])(
    'is allowed by %s',
    (resource) => expect(allows(policy(['Allow', resource]), ARN)).toBe(true),
  );

  it.each([
    'arn:aws:execute-api:us-east-1:000000000000:local/local/POST/v1/jobs',
    'arn:aws:execute-api:us-east-1:000000000000:local/local/GET/v1/job',
    'arn.aws.execute-api:us-east-1:000000000000:local/local/GET/v1/jobs',
  ])('is not allowed by %s', (resource) => expect(allows(policy(['Allow', resource]), ARN)).toBe(false));

  it('takes any of several resources', () => {
    expect(allows(policy(['Allow', ['nothing', ARN]]), ARN)).toBe(true);
  });

  it('lets a denial win', () => {
    expect(allows(policy(['Allow', '*'], ['Deny', ARN]), ARN)).toBe(false);
  });

  it('needs the action to be the invocation', () => {
    expect(allows(policy(['Allow', '*', 'execute-api:ManageConnections']), ARN)).toBe(false);
    expect(allows(policy(['Allow', '*', 'execute-api:*']), ARN)).toBe(true);
  });

  it('denies without a statement', () => {
    expect(allows(policy(), ARN)).toBe(false);
  });
});

describe('authorizerResultSchema', () => {
  it('refuses a context with nested values, as API Gateway does', () => {
    const document = { Version: '2012-10-17', Statement: [] };
    const result = { principalId: 'key', policyDocument: document, context: { scopes: ['jobs:read'] } };

    expect(authorizerResultSchema.safeParse(result).success).toBe(false);
  });
});
