import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { ConfigError, ecsFargateAdminEnv, loadConfig } from '@afterimage/app-config';
import { onStopSignals } from '@afterimage/app-host/service';
import {
  createDynamoClient,
  createS3Client,
  DynamoJobStore,
  DynamoTenantStore,
  S3OutputStore,
} from '@afterimage/job-aws';
import { makeSignOutputs } from '@afterimage/job-core';
import { createTelemetry } from '@afterimage/telemetry';
import { serve } from '@hono/node-server';
import manifest from '../package.json' with { type: 'json' };
import { makeAdminApp } from './api/admin-app.ts';
import { makeCursors } from './api/cursors.ts';
import { DynamoAuditLog } from './audit/dynamo-audit-log.ts';
import { makeListAudit } from './audit/list-audit.ts';
import { authenticatorOf } from './auth/authenticator-of.ts';
import { makeBrowseJobs } from './jobs/browse-jobs.ts';
import { makeGetJob } from './jobs/get-job.ts';
import { makeListGallery } from './jobs/list-gallery.ts';
import { makeListJobs } from './jobs/list-jobs.ts';
import { makePresentAdminJob } from './jobs/present-admin-job.ts';
import { makeGetOverview } from './overview/get-overview.ts';
import { makeServePage } from './page/serve-page.ts';
import { makeGetSession } from './session.ts';

/** Requests under way may take this long when the service is told to stop. */
const STOP_MS = 10_000;

function main(): void {
  const config = loadConfig(ecsFargateAdminEnv, process.env);
  const telemetry = createTelemetry({ service: 'ecs-fargate-admin', logLevel: config.LOG_LEVEL });
  const { log } = telemetry;
  const now = () => new Date();
  const { API_URL: apiUrl } = config;

  const dynamo = createDynamoClient();
  const jobs = new DynamoJobStore(dynamo, config.JOB_TABLE);
  const tenants = new DynamoTenantStore(dynamo, config.JOB_TABLE);
  const audit = new DynamoAuditLog(dynamo, config.JOB_TABLE, now);
  const outputs = new S3OutputStore(createS3Client(), config.OUTPUT_BUCKET);
  const signOutputs = makeSignOutputs({ outputs, expiresInSeconds: config.URL_EXPIRES_SECONDS, now });
  const presentAdminJob = makePresentAdminJob({ signOutputs, apiUrl, now });
  const cursors = makeCursors(config.CURSOR_SECRET);
  const lists = { browseJobs: makeBrowseJobs({ jobs, tenants }), presentAdminJob, cursors };

  const app = makeAdminApp({
    authenticate: authenticatorOf(config),
    handlers: {
      'GET /session': makeGetSession({
        stage: config.STAGE,
        apiUrl,
        version: manifest.version,
        links: { trace: null, logs: null },
      }),
      'GET /overview': makeGetOverview({
        browseJobs: lists.browseJobs,
        readAlarms: async () => [],
        dollarsPerHour: () => undefined,
        now,
      }),
      'GET /jobs': makeListJobs(lists),
      'GET /jobs/:id': makeGetJob({ jobs, presentAdminJob }),
      'GET /gallery': makeListGallery(lists),
      'GET /audit': makeListAudit({ audit, cursors }),
    },
    audit,
    servePage: makeServePage(config.PAGE_DIRECTORY),
    imageOrigins: config.IMAGE_ORIGINS,
    telemetry,
    log,
    newId: randomUUID,
    now,
  });
  const server = serve({ fetch: app.fetch, hostname: config.HOST, port: config.PORT }, ({ port }) => {
    log.info('console starts', { port, authentication: config.AUTHENTICATION });
  });
  server.on('error', (error) => {
    log.error('console cannot be reached', { error });
    process.exit(1);
  });
  onStopSignals(process, {
    onStop: () => {
      server.close(() => process.exit(0));
      setTimeout(() => process.exit(0), STOP_MS).unref();
    },
    onForce: () => process.exit(1),
  });
}

try {
  main();
} catch (error) {
  process.stderr.write(error instanceof ConfigError ? `${error.name}: ${error.message}\n` : `${inspect(error)}\n`);
  process.exit(1);
}
