import { type Role, mayAct, type Session, sessionSchema } from '@afterimage/admin-schemas';
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { read } from '../api/client.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }): Promise<Session> => read(sessionSchema, '/session', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Whether the operator may do what needs the role. The server decides; this only hides what it would refuse. */
export function useMay(role: Role): boolean {
  return mayAct(useSession().operator.role, role);
}
