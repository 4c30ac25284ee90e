import { ADMIN_BASE, ADMIN_ROUTES, mayAct, type Operator, ROLES, type Role } from '@afterimage/admin-schemas';
import { ProblemError } from '@afterimage/job-core';
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

describe('a request', () => {
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
});
