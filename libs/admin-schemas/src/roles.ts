import * as z from 'zod';

/** What an operator may do; each role may do all that the ones before it may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;

export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Whether `role` may do what `needed` is asked for. */
export function mayAct(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
