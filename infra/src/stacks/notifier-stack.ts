import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { jobReconciler } from '../functions/job-reconciler.ts';
import { resultNotifier } from '../functions/result-notifier.ts';
import { stackProps, type StageContext } from '../stage-context.ts';
import type { ApiResources } from './api-stack.ts';
import type { DataResources } from './data-stack.ts';

export interface NotifierStackProps extends StageContext {
  readonly data: DataResources;
  readonly api: ApiResources;
}

/** What happens without a client's request: webhook deliveries, and one step for whatever is overdue. */
export class NotifierStack extends Stack {
  constructor(scope: Construct, id: string, props: NotifierStackProps) {
    super(scope, id, stackProps(props, 'notifier', 'webhook deliveries and the reconciler'));
    const { data, api } = props;
    resultNotifier(this, { context: props, data, apiUrl: api.apiUrl });
    jobReconciler(this, { context: props, data, apiUrl: api.apiUrl });
  }
}
