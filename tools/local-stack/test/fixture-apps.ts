import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTION_NAMES } from '../src/apps.ts';
import { writeBundle } from './bundles.ts';

const ALLOW_ALL = `exports.handler = async ({ methodArn }) => ({
  principalId: 'key',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' }] },
  context: { tenantId: 'local', keyId: 'key', scopes: 'jobs:read' },
});`;

/** Answers with its environment, or fails when asked to. */
const API = `exports.handler = async () => ({ statusCode: 200, body: JSON.stringify(process.env) });`;

const STREAM = `exports.handler = awslambda.streamifyResponse(async (_event, stream) => {
  const answer = awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: {} });
  answer.end('{}');
});`;

/** Counts its invocations, and what it was invoked with. */
const COUNTER = `const seen = [];
  exports.handler = async (event) => {
    seen.push(...(event.Records ?? [event]).map(({ body, source }) => body ?? source));
    return event.ask === true ? seen : { batchItemFailures: [] };
  };`;

const WORKER = `import { createServer } from 'node:http';
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/ready' ? 200 : 404);
    response.end();
  });
  server.listen(Number(process.env.HEALTH_PORT), process.env.HEALTH_HOST);
  process.once('SIGTERM', () => process.exit(0));
  console.log('worker', process.env.WORKER_ID, process.env.SKETCH_MS_PER_STEP, process.env.LEASE_SECONDS);`;

type Sources = Partial<Record<(typeof FUNCTION_NAMES)[number] | 'gpu-worker', string>>;

/** Writes a small stand-in for every built app, as `dist/apps` has them. Returns the folder. */
export function writeFixtureApps(folder: string, sources: Sources = {}): string {
  const defaults: Record<(typeof FUNCTION_NAMES)[number], string> = {
    'api-authorizer': ALLOW_ALL,
    'submit-api': API,
    'status-api': API,
    'webhook-api': API,
    'wait-api': STREAM,
    'result-notifier': COUNTER,
    'job-reconciler': COUNTER,
  };
  for (const name of FUNCTION_NAMES) writeBundle(folder, name, sources[name] ?? defaults[name]);
  mkdirSync(join(folder, 'gpu-worker'), { recursive: true });
  writeFileSync(join(folder, 'gpu-worker', 'main.mjs'), sources['gpu-worker'] ?? WORKER);
  return folder;
}
