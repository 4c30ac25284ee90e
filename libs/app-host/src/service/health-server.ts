import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthCheck {
  readonly ok: boolean;
  /** Sent as JSON beside `ok`; for operators, so nothing secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Sent as plain text instead. */
  readonly text?: string;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `GET` on each path of `checks`: 200 when ok, else 503.
 * @throws the error of `listen` when the address cannot be taken
 */
export async function startHealthServer(
  address: { readonly host: string; readonly port: number },
  checks: Readonly<Record<string, () => HealthCheck>>,
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const check = checks[request.url ?? ''];
    const { ok, detail, text }: HealthCheck = check === undefined ? { ok: false } : check();
    const contentType = text === undefined ? 'application/json' : 'text/plain; version=0.0.4; charset=utf-8';
    response.writeHead(check === undefined ? 404 : ok ? 200 : 503, { 'content-type': contentType });
    response.end(text ?? JSON.stringify({ ok, ...detail }));
  });
  server.requestTimeout = 5000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
