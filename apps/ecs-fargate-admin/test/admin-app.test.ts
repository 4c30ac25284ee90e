import { ADMIN_BASE, ADMIN_ROUTES, mayAct, type Operator, ROLES, type Role } from '@afterimage/admin-schemas';
import { DependencyUnavailableError, ProblemError } from '@afterimage/job-core';
import { problemSchema } from '@afterimage/job-schemas';
import { recordingTelemetry } from '@afterimage/testing';
import { describe, expect, it, vi } from 'vitest';
import { type AdminAppPorts, type AdminHandlers, makeAdminApp } from '../src/api/admin-app.ts';
import type { AdminHandler } from '../src/api/admin-request.ts';
import { InMemoryAuditLog } from './in-memory-audit-log.ts';

const ORIGIN = 'https://admin.example.com';
const REASON = 'asked by the tenant';

function handlersOf(handler: AdminHandler): AdminHandlers {
  return Object.fromEntries(ADMIN_ROUTES.map(({ method, path }) => [`${method} ${path}`, handler])) as AdminHandlers;
}

function anOperator(role: Role): Operator {
  return { id: 'user-1', name: 'ada@example.com', role };
}

function start(ports: Partial<AdminAppPorts> & { readonly role?: Role } = {}) {
  const handler = vi.fn<AdminHandler>(async () => ({ body: { ok: true } }));
  const audit = new InMemoryAuditLog();
  const telemetry = recordingTelemetry();
  let ids = 0;
  const app = makeAdminApp({
    authenticate: async () => anOperator(ports.role ?? 'admin'),
    handlers: handlersOf(handler),
    audit,
    servePage: (path) => new Response(`page of ${path}`),
    imageOrigins: ['https://outputs.example.com'],
    telemetry,
    log: telemetry.log,
    newId: () => `id-${(ids += 1)}`,
    now: () => new Date('2026-11-22T12:00:00.000Z'),
    ...ports,
  });
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const init =
      body === undefined
        ? { method, headers }
        : { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
    return app.request(`${ORIGIN}${ADMIN_BASE}${path}`, init);
  }
  return { app, call, handler, audit, telemetry };
}

function pathOf(path: string): string {
  return path.replace(/:\w+/g, 'x1');
}

describe.each(ADMIN_ROUTES)('$method $path', ({ method, path, role: needed, action }) => {
  const body = method === 'GET' ? undefined : { reason: REASON };

  it.each(ROLES)('is decided for the role %s', async (role) => {
    const { call, handler, audit } = start({ role });

    const response = await call(method, pathOf(path), body);

    const isAllowed = mayAct(role, needed);
    expect(response.status).toBe(isAllowed ? 200 : 403);
    expect(handler).toHaveBeenCalledTimes(isAllowed ? 1 : 0);
    const { entries } = await audit.list({ limit: 10 });
    expect(entries.map((entry) => entry.action)).toEqual(isAllowed && action !== null ? [action] : []);
    const { code } = (await response.json()) as { code?: string };
    expect(code).toBe(isAllowed ? undefined : 'insufficient-scope');
  });

  it('answers nothing to somebody who is not signed in', async () => {
    const authenticate = async () => {
      throw new ProblemError('unauthenticated', { detail: 'sign in' });
    };
    const { call, handler } = start({ authenticate });

    expect((await call(method, pathOf(path), body)).status).toBe(401);
    expect(handler).not.toHaveBeenCalled();
  });

  it('changes something only with a reason', async () => {
    const { call, handler } = start();
    const response = await call(method, pathOf(path), method === 'GET' ? undefined : { reason: ' x ' });

    expect(response.status).toBe(action === null ? 200 : 422);
    expect(handler).toHaveBeenCalledTimes(action === null ? 1 : 0);
  });
});

describe('an act', () => {
  it('is in the audit log before it begins and when it is over', async () => {
    const audit = new InMemoryAuditLog();
    const seen: string[] = [];
    const handler: AdminHandler = async () => {
      seen.push(...(await audit.list({ limit: 1 })).entries.map(({ outcome }) => outcome));
      return { body: {}, count: 1, before: { status: 'queued' }, after: { status: 'canceled' } };
    };
    const { call } = start({ audit, handlers: handlersOf(handler) });

    await call('POST', '/jobs/job_1/cancel', { reason: REASON });

    expect(seen).toEqual(['begun']);
    expect((await audit.list({ limit: 1 })).entries).toMatchObject([
      {
        operator: anOperator('admin'),
        action: 'job.cancel',
        target: 'job_1',
        reason: REASON,
        outcome: 'done',
        count: 1,
        before: { status: 'queued' },
        after: { status: 'canceled' },
      },
    ]);
  });

  it.each([
    [new ProblemError('not-found', { detail: 'there is no job job_1' }), 404, 'refused', 'not-found'],
    [new DependencyUnavailableError('throttled'), 503, 'failed', 'unavailable'],
    [new Error('a bug with a secret in it'), 500, 'failed', 'internal'],
  ])('that ends with %s is told as such', async (error, status, outcome, code) => {
    const handler: AdminHandler = async () => {
      throw error;
    };
    const { call, audit } = start({ handlers: handlersOf(handler) });

    const response = await call('POST', '/jobs/job_1/cancel', { reason: REASON });

    expect(response.status).toBe(status);
    const text = await response.text();
    expect(problemSchema.parse(JSON.parse(text)).code).toBe(code);
    expect(text).not.toContain('secret');
    expect((await audit.list({ limit: 1 })).entries).toMatchObject([{ outcome, count: 0, after: { code } }]);
  });

  it('does not begin when the audit log cannot take it', async () => {
    const audit = new InMemoryAuditLog();
    vi.spyOn(audit, 'begin').mockRejectedValue(new DependencyUnavailableError('throttled'));
    const { call, handler } = start({ audit });

    expect((await call('POST', '/jobs/job_1/cancel', { reason: REASON })).status).toBe(503);
    expect(handler).not.toHaveBeenCalled();
  });

  it('is answered as done when only the end of its entry is missing', async () => {
    const audit = new InMemoryAuditLog();
    vi.spyOn(audit, 'end').mockRejectedValue(new DependencyUnavailableError('throttled'));
    const { call, telemetry } = start({ audit });

    expect((await call('POST', '/jobs/job_1/cancel', { reason: REASON })).status).toBe(200);
    expect(telemetry.lines.map(({ level }) => level)).toContain('error');
  });
});

describe('a request', () => {
  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 403],
    ['multipart/form-data', 403],
  ])('from another site with a body of type %s is refused', async (type, status) => {
    const { call, handler } = start();
    const headers = { 'content-type': type, origin: 'https://evil.example' };

    const response = await call('POST', '/jobs/job_1/cancel', { reason: REASON }, headers);

    expect([status, 403]).toContain(response.status);
    expect(handler).not.toHaveBeenCalled();
  });

  it('that is too large is refused', async () => {
    const { call } = start();
    const response = await call('POST', '/jobs/job_1/cancel', { reason: 'x'.repeat(300_000) });

    expect(response.status).toBe(413);
    problemSchema.parse(await response.json());
  });

  it('for a route that is not there gets a problem', async () => {
    const response = await start().call('GET', '/nothing');

    expect(response.status).toBe(404);
    expect(problemSchema.parse(await response.json()).detail).toContain('/admin/v1/nothing');
  });

  it('gets headers that keep the page to itself', async () => {
    const response = await start().app.request(`${ORIGIN}/jobs/job_1`);

    expect(await response.text()).toBe('page of /jobs/job_1');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain('https://outputs.example.com');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('for the health of the service needs no sign-in', async () => {
    const authenticate = () => Promise.reject(new ProblemError('unauthenticated', { detail: 'sign in' }));
    const { app } = start({ authenticate });

    expect((await app.request(`${ORIGIN}/health`)).status).toBe(200);
    expect((await app.request(`${ORIGIN}/`)).status).toBe(401);
  });

  it('of a browser that may not see the console are answered with a page that says why', async () => {
    const authenticate = () => Promise.reject(new ProblemError('insufficient-scope', { detail: 'no role for <b>ada' }));
    const { app } = start({ authenticate });
    const headers = { accept: 'text/html,application/xhtml+xml' };

    const page = await app.request(`${ORIGIN}/jobs`, { headers });
    const answer = await app.request(`${ORIGIN}${ADMIN_BASE}/jobs`, { headers });

    expect(page.status).toBe(403);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await page.text()).toContain('<p>no role for &lt;b&gt;ada</p>');
    expect(problemSchema.parse(await answer.json()).code).toBe('insufficient-scope');
  });
});
