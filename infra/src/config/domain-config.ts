import * as z from 'zod';

const certificateArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:acm:[^:]+:\d{12}:certificate\/.+$/, 'must be the ARN of an ACM certificate');
const hostedZone = z.strictObject({ id: z.string().min(1), name: z.hostname() });

/** A host name with a certificate of the stage's region. Without `hostedZone`, its DNS record is somebody else's work. */
export const domainConfigSchema = z.strictObject({
  name: z.hostname(),
  certificateArn,
  hostedZone: hostedZone.optional(),
});
export type DomainConfig = z.infer<typeof domainConfigSchema>;
