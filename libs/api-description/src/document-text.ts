import { describeApi } from './describe-api.ts';

/** The document as it is checked in and packed. */
export function documentText(): string {
  return `${JSON.stringify(describeApi(), null, 2)}\n`;
}
