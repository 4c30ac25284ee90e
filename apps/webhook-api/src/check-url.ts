import { invalidFields } from '@afterimage/app-host/lambda';
import { ForbiddenTargetError, parseTarget, type TargetRules } from '@afterimage/safe-egress';

/**
 * Refuses a URL that can never be called. What its host name resolves to is checked at each delivery.
 * @throws ProblemError that names the field
 */
export function checkUrl(url: string, rules: TargetRules): void {
  try {
    parseTarget(url, rules);
  } catch (error) {
    if (!(error instanceof ForbiddenTargetError)) throw error;
    throw invalidFields([{ pointer: '#/url', code: 'forbidden_url', detail: error.message }]);
  }
}
