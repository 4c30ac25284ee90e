import { API_ROUTES, STREAMING_FUNCTIONS } from '@afterimage/app-config';
import { AUTHORIZER_CACHE_MS, INTEGRATION_TIMEOUT_MS } from '../api.ts';
import { APPS_DIRECTORY, type FunctionName } from '../apps.ts';
import { openFunction } from '../functions.ts';
import type { GatewayApi } from '../gateway/answer.ts';
import { makeAuthorizer } from '../gateway/authorizer.ts';
import { openGateway } from '../gateway/gateway.ts';
import { terminalLog } from '../lambda/function-log.ts';
import type { LambdaFunction } from '../lambda/lambda-function.ts';
import { completeEnvironment } from './app-environment.ts';
import type { Served } from './served.ts';

export type ApiApp = Extract<FunctionName, 'api-authorizer' | 'submit-api' | 'status-api' | 'wait-api' | 'webhook-api'>;

const FIRST_PORT = 4010;
const PORTS: Readonly<Record<ApiApp, number>> = {
  'submit-api': FIRST_PORT,
  'wait-api': FIRST_PORT + 9,
  'status-api': FIRST_PORT + 1,
  'api-authorizer': FIRST_PORT + 2,
  'webhook-api': FIRST_PORT + 3,
};
const GRACE_MS = 1000;

function open(name: FunctionName): LambdaFunction {
  return openFunction(name, APPS_DIRECTORY, completeEnvironment(name), terminalLog());
}

/** The routes of the app; all of them for the authorizer, which then shows what it made of the key. */
function integration(app: ApiApp): Pick<GatewayApi, 'routes' | 'invoke' | 'openStream'> & { stop(): Promise<void> } {
  if (app === 'api-authorizer') {
    return {
      routes: API_ROUTES,
      invoke: async (_route, event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer) }),
      stop: () => Promise.resolve(),
    };
  }
  const served = open(app);
  return {
    routes: API_ROUTES.filter((route) => route.function === app),
    invoke: (_route, event) => served.invoke(event),
    ...(STREAMING_FUNCTIONS.has(app) ? { openStream: (_route, event) => served.invokeStreaming(event) } : {}),
    stop: served.stop,
  };
}

/** Serves one function of the API behind a gateway of its own. */
export async function serveApi(app: ApiApp): Promise<Served> {
  const port = Number(process.env.PORT ?? PORTS[app]);
  const { stop, ...served } = integration(app);
  const authorizer = open('api-authorizer');
  const gateway = await openGateway(port, 'PORT');
  const authorize = makeAuthorizer({
    invoke: (event) => authorizer.invoke(event),
    cacheMs: AUTHORIZER_CACHE_MS,
    now: Date.now,
  });
  gateway.serve({ ...served, authorize, integrationTimeoutMs: INTEGRATION_TIMEOUT_MS });
  const lines = served.routes.map(({ method, path }) => `  ${method.padEnd(6)} ${gateway.url}${path}`);
  return {
    description: `${app} answers\n${lines.join('\n')}`,
    stop: async () => {
      await gateway.stop(GRACE_MS);
      await Promise.all([stop(), authorizer.stop()]);
    },
  };
}
