import * as z from 'zod';

const oneOrMore = z.union([z.string().transform((value) => [value]), z.array(z.string())]);

/** The answer of a Lambda authorizer. */
export const authorizerResultSchema = z.object({
  principalId: z.string(),
  policyDocument: z.object({
    Version: z.string(),
    Statement: z.array(z.object({ Effect: z.enum(['Allow', 'Deny']), Action: oneOrMore, Resource: oneOrMore })),
  }),
  /** API Gateway refuses nested values. */
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
});
export type AuthorizerResult = z.infer<typeof authorizerResultSchema>;

function matches(pattern: string, value: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(value);
}

/** Whether an IAM policy lets a method be invoked: some statement allows it and none denies it. */
export function allows(policy: AuthorizerResult['policyDocument'], methodArn: string): boolean {
  const effects = new Set(
    policy.Statement.filter(
      ({ Action, Resource }) =>
        Action.some((action) => matches(action.toLowerCase(), 'execute-api:invoke')) &&
        Resource.some((resource) => matches(resource, methodArn)),
    ).map(({ Effect }) => Effect),
  );
  return effects.has('Allow') && !effects.has('Deny');
}
