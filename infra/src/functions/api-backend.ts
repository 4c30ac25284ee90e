import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { StageContext } from '../stage-context.ts';
import type { DataResources } from '../stacks/data-stack.ts';

/** What the functions behind the API are given. */
export interface ApiBackendProps {
  readonly context: StageContext;
  readonly data: DataResources;
  readonly apiUrl: string;
  readonly poolsLayer: ILayerVersion;
}

/** A little more than API Gateway waits for an answer. */
export const API_TIMEOUT_SECONDS = 30;

/** Objects of the tenants' uploads in the inputs bucket. */
export const UPLOADS = 'uploads/*';
