import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PublicApi } from '../constructs/rest-api.ts';
import { GeneratedSecret } from '../constructs/generated-secret.ts';
import { poolsLayer } from '../constructs/pools-layer.ts';
import { apiAuthorizer } from '../functions/api-authorizer.ts';
import { statusApi } from '../functions/status-api.ts';
import { submitApi } from '../functions/submit-api.ts';
import { waitApi } from '../functions/wait-api.ts';
import { webhookApi } from '../functions/webhook-api.ts';
import { stackProps, type StageContext } from '../stage-context.ts';
import type { DataResources } from './data-stack.ts';

/** What the API stack offers to the others. */
export interface ApiResources {
  /** Base URL of the public API, without a slash at its end: `API_URL` of the apps. */
  readonly apiUrl: string;
}

export interface ApiStackProps extends StageContext {
  readonly data: DataResources;
}

/** The public API: gateway, authorizer, and the functions behind it. */
export class ApiStack extends Stack implements ApiResources {
  readonly apiUrl: string;

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, stackProps(props, 'api', 'public API and its functions'));
    const { data } = props;
    const api = new PublicApi(this, 'PublicApi', props);
    this.apiUrl = api.url;
    const backend = {
      context: props,
      data,
      apiUrl: api.url,
      poolsLayer: poolsLayer(this, 'Pools', props),
      cursorSecret: new GeneratedSecret(this, 'CursorSecret', props, {
        name: 'cursor-secret',
        description: 'Key of the MAC over list cursors',
        characters: 48,
      }).value,
    };
    api.serve(apiAuthorizer(this, props, data).function, {
      'submit-api': submitApi(this, backend).function,
      'status-api': statusApi(this, backend).function,
      'wait-api': waitApi(this, backend).function,
      'webhook-api': webhookApi(this, backend).function,
    });
    new CfnOutput(this, 'ApiUrl', { value: api.url, description: 'Base URL of the API' });
  }
}
