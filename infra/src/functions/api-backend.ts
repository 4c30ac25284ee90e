import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { StageContext } from '../stage-context.ts';
import type { DataResources } from '../stacks/data-stack.ts';

/** What the functions behind the API are given. */
export interface ApiBackendProps {
  readonly context: StageContext;
  readonly data: DataResources;
  readonly apiUrl: string;
  readonly poolsLayer: ILayerVersion;
  /** Key of the MAC over list cursors. */
  readonly cursorSecret: string;
}

/** A little more than API Gateway waits for an answer. */
export const API_TIMEOUT_SECONDS = 30;
