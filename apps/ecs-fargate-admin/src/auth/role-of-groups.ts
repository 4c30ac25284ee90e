import { type Role, ROLES } from '@afterimage/admin-schemas';

/** The groups of the identity provider that give each role. */
export type RoleGroups = Readonly<Record<Role, readonly string[]>>;

/** The highest role that one of the groups gives; undefined when none of them gives any. */
export function roleOfGroups(groups: readonly string[], roleGroups: RoleGroups): Role | undefined {
  return ROLES.findLast((role) => roleGroups[role].some((group) => groups.includes(group)));
}
