import { isIP } from 'node:net';
import { invalidFields } from '@afterimage/app-host/lambda';
import { shownUrl } from '@afterimage/job-schemas';
import { ForbiddenTargetError, parseTarget, type TargetRules } from '@afterimage/safe-egress';

/** What a host name resolves to is known at each delivery alone; of http a name must say that it is loopback. */
function mayBePlain({ hostname }: URL): boolean {
  return (
    isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0 || hostname === 'localhost' || hostname.endsWith('.localhost')
  );
}

/**
 * Refuses a URL that can never be called. What its host name resolves to is checked at each delivery.
 * @throws ProblemError that names the field
 */
export function checkUrl(url: string, rules: TargetRules): void {
  try {
    const target = parseTarget(url, rules);
    if (target.protocol === 'http:' && !mayBePlain(target)) {
      throw new ForbiddenTargetError('http is allowed to loopback only, use https');
    }
  } catch (error) {
    if (!(error instanceof ForbiddenTargetError)) throw error;
    const detail = `must be an https URL of a public host: ${error.message}, got ${shownUrl(url)}`;
    throw invalidFields([{ pointer: '#/url', code: 'forbidden_url', detail }]);
  }
}
