import {
  ADMIN_BASE,
  ADMIN_ROUTES,
  type AdminRoute,
  type AdminRouteKey,
  mayAct,
  type Operator,
} from '@afterimage/admin-schemas';
import { ProblemError } from '@afterimage/job-core';
import type { Problem } from '@afterimage/job-schemas';
import type { Telemetry } from '@afterimage/telemetry';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { secureHeaders } from 'hono/secure-headers';
import type { Authenticate } from '../auth/authenticate.ts';
import { refusalPage } from '../page/refusal-page.ts';
import type { ServePage } from '../page/serve-page.ts';
import { type AdminHandler, makeAdminRequest } from './admin-request.ts';
import { type AuditedPorts, makeAudited } from './audited.ts';
import { toProblemAnswer } from './problem.ts';

export type AdminHandlers = Readonly<Record<AdminRouteKey, AdminHandler>>;

export interface AdminAppPorts extends AuditedPorts {
  readonly authenticate: Authenticate;
  readonly handlers: AdminHandlers;
  readonly servePage: ServePage;
  /** Origins, beside its own, that the page loads pictures from: the outputs bucket. */
  readonly imageOrigins: readonly string[];
  readonly telemetry: Telemetry;
}

interface Bindings {
  Variables: { requestId: string };
}

const BODY_BYTES = 256 * 1024;
const REQUEST_ID_HEADER = 'x-amzn-trace-id';
const HEALTH_PATH = '/health';

async function bodyOf(context: Context): Promise<unknown> {
  const mediaType = (context.req.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    const detail = `Content-Type must be application/json, got ${mediaType ? `"${mediaType}"` : 'none'}`;
    throw new ProblemError('unsupported-media-type', { detail });
  }
  try {
    return await context.req.json();
  } catch (cause) {
    throw new ProblemError('malformed-request', { detail: 'the body is not JSON' }, { cause });
  }
}

/** Whether a person waits for the answer, rather than a program. */
function isForPeople({ req }: Context): boolean {
  return !req.path.startsWith(ADMIN_BASE) && (req.header('accept') ?? '').includes('text/html');
}

function checkRole({ name, role }: Operator, needed: AdminRoute['role']): void {
  if (mayAct(role, needed)) return;
  throw new ProblemError('insufficient-scope', { detail: `${name} is ${role} here; this needs the role ${needed}` });
}

async function refusal(problem: Problem, headers: Readonly<Record<string, string>>): Promise<Response> {
  const { status } = problem;
  const page = await refusalPage(problem);
  return new Response(page.toString(), { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers } });
}

/**
 * The console: its page and the admin API behind it. Every route of the API is in the table of routes with the role that it
 * needs; what changes something goes through the audit log, and takes JSON from its own origin alone.
 */
export function makeAdminApp(ports: AdminAppPorts): Hono<Bindings> {
  const { authenticate, handlers, servePage, imageOrigins, telemetry, newId } = ports;
  const { log } = telemetry;
  const audited = makeAudited(ports);
  const app = new Hono<Bindings>();

  function problem(context: Context<Bindings>, error: unknown): Response | Promise<Response> {
    const where = { instance: context.req.path, requestId: context.get('requestId') };
    const { problem: body, headers } = toProblemAnswer(error, where, log);
    const common = { 'cache-control': 'no-store', ...headers };
    if (isForPeople(context)) return refusal(body, common);
    return Response.json(body, {
      status: body.status,
      headers: { 'content-type': 'application/problem+json', ...common },
    });
  }

  app.onError((error, context) => {
    // What the middlewares of the framework throw carries its answer with it.
    if (!('getResponse' in error)) return problem(context, error);
    return problem(context, new ProblemError('insufficient-scope', { detail: 'the request comes from another site' }));
  });
  app.get(HEALTH_PATH, (context) => context.json({ ok: true }));
  app.use(async (context, next) => {
    context.set('requestId', context.req.header(REQUEST_ID_HEADER) ?? newId());
    await next();
    context.header('x-request-id', context.get('requestId'));
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // The component library puts its theme into style elements and attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...imageOrigins],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
      crossOriginResourcePolicy: 'same-origin',
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
    }),
  );
  app.use(csrf());
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES,
      onError: (context) =>
        problem(
          context as Context<Bindings>,
          new ProblemError('payload-too-large', { detail: `the body must be at most ${BODY_BYTES} bytes` }),
        ),
    }),
  );
  for (const route of ADMIN_ROUTES) {
    const { method, path, role, action } = route;
    const key = `${method} ${path}` as AdminRouteKey;
    const handle = action === null ? handlers[key] : audited(route, action, handlers[key]);
    app.on(method, `${ADMIN_BASE}${path}`, async (context) => {
      const operator = await authenticate(context.req.raw.headers);
      checkRole(operator, role);
      const body = action === null ? undefined : await bodyOf(context);
      const request = makeAdminRequest({ operator, params: context.req.param(), query: context.req.query(), body });
      const answer = await handle(request);
      return Response.json(answer.body, { status: answer.status ?? 200, headers: { 'cache-control': 'no-store' } });
    });
  }
  app.all(`${ADMIN_BASE}/*`, (context) => {
    throw new ProblemError('not-found', { detail: `there is no ${context.req.method} ${context.req.path}` });
  });
  app.get('*', async (context) => {
    await authenticate(context.req.raw.headers);
    return servePage(context.req.path);
  });
  return app;
}
