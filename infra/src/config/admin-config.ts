import * as z from 'zod';
import { domainConfigSchema } from './domain-config.ts';

const httpsUrl = z.url({ protocol: /^https$/ });
const groups = z.array(z.string().regex(/^[^,]+$/, 'must not contain a comma'));

/** Where operators sign in. */
const signIn = z.discriminatedUnion('type', [
  z.strictObject({
    /** A user pool of the deployment, with a second factor; its groups are `viewer`, `operator` and `admin`. */
    type: z.literal('cognito'),
    /** First part of the host name of the sign-in page; nobody else in the region may have it. */
    domainPrefix: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits and hyphens'),
  }),
  z.strictObject({
    /** An identity provider that is there already. */
    type: z.literal('oidc'),
    issuer: httpsUrl,
    authorizationEndpoint: httpsUrl,
    tokenEndpoint: httpsUrl,
    userInfoEndpoint: httpsUrl,
    clientId: z.string().min(1),
    /** Name of the secret in Secrets Manager whose whole value is the client's secret. */
    clientSecretName: z.string().min(1),
    /** Claim of the identity that lists an operator's groups, and the groups that give each role. */
    groupsClaim: z.string().min(1),
    groups: z.strictObject({ viewer: groups, operator: groups, admin: groups }),
  }),
]);
export type SignInConfig = z.infer<typeof signIn>;

/** The operators' console. */
export const adminConfigSchema = z.strictObject({
  domain: domainConfigSchema,
  signIn,
  /** Address ranges that reach the console's sign-in page. */
  allowedCidrs: z.array(z.cidrv4()).min(1).default(['0.0.0.0/0']),
  /** US dollars for an hour of a worker, by pool, for the cost of an image: what the instances cost of late. */
  dollarsPerHour: z.record(z.string(), z.number().positive()).default({}),
  /** Two survive the loss of a zone. */
  tasks: z.int().min(1).max(10).default(1),
});
export type AdminConfig = z.infer<typeof adminConfigSchema>;
