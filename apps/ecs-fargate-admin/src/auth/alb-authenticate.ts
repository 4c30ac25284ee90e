import type { Operator } from '@afterimage/admin-schemas';
import { ProblemError } from '@afterimage/job-core';
import * as z from 'zod';
import type { Authenticate } from './authenticate.ts';
import { type RoleGroups, roleOfGroups } from './role-of-groups.ts';

/** Verifies a token's signature, signer, issuer and expiry. @throws Error when one of them is wrong */
export type VerifyToken = (token: string) => Promise<object>;

export interface AlbAuthenticateOptions {
  /** Of `x-amzn-oidc-data`, which the load balancer signs. */
  readonly verifyIdentity: VerifyToken;
  /**
   * Of `x-amzn-oidc-accesstoken`, which the identity provider signs; left out where the identity itself carries the groups.
   * Cognito names a user's groups only in the access token.
   */
  readonly verifyAccess?: VerifyToken | undefined;
  /** Name of the claim that lists the groups. */
  readonly groupsClaim: string;
  readonly roleGroups: RoleGroups;
}

const IDENTITY_HEADER = 'x-amzn-oidc-data';
const ACCESS_HEADER = 'x-amzn-oidc-accesstoken';

const identitySchema = z.object({
  sub: z.string().min(1),
  email: z.string().optional(),
  name: z.string().optional(),
  username: z.string().optional(),
});
const groupsSchema = z.union([z.array(z.string()), z.string().transform((list) => list.split(/[\s,]+/))]).catch([]);

function unauthenticated(detail: string, cause?: unknown): ProblemError {
  return new ProblemError('unauthenticated', { detail }, { cause });
}

/** Operators as an Application Load Balancer hands them over once the identity provider has signed them in. */
export function makeAlbAuthenticate(options: AlbAuthenticateOptions): Authenticate {
  const { verifyIdentity, verifyAccess, groupsClaim, roleGroups } = options;

  async function claimsOf(headers: Headers, name: string, verify: VerifyToken): Promise<object> {
    const token = headers.get(name);
    if (token === null) throw unauthenticated('the request did not come through the load balancer');
    try {
      return await verify(token);
    } catch (cause) {
      throw unauthenticated('the sign-in is not valid, or is over: sign in again', cause);
    }
  }

  return async function authenticate(headers: Headers): Promise<Operator> {
    const claims = await claimsOf(headers, IDENTITY_HEADER, verifyIdentity);
    const identity = identitySchema.safeParse(claims).data;
    if (identity === undefined) throw unauthenticated('the sign-in names nobody');
    const access = verifyAccess === undefined ? claims : await claimsOf(headers, ACCESS_HEADER, verifyAccess);
    // One who signed in with an access token of somebody else has the groups of neither.
    if (identitySchema.safeParse(access).data?.sub !== identity.sub) {
      throw unauthenticated('the tokens of the sign-in are of two people');
    }
    const groups = groupsSchema.parse(new Map(Object.entries(access)).get(groupsClaim));
    const role = roleOfGroups(groups, roleGroups);
    if (role === undefined) {
      throw new ProblemError('insufficient-scope', { detail: 'none of your groups has a role in this console' });
    }
    return { id: identity.sub, name: identity.email ?? identity.name ?? identity.username ?? identity.sub, role };
  };
}
