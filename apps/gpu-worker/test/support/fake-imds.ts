import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake tells, changed at will; an undefined document is a 404. */
export interface ImdsScript {
  instanceAction?: string;
  rebalance?: string;
  /** Answers nothing, for ever. */
  isHanging?: boolean;
  /** Answers this to every request. */
  status?: number;
  /** The token that it takes. */
  token: string;
}

/** An instance metadata service on loopback that speaks version 2 alone. */
export async function startFakeImds() {
  const script: ImdsScript = { token: 'token-1' };
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push(`${method} ${url}`);
    const answer = (status: number, body = '') => response.writeHead(status).end(body);
    if (script.isHanging === true) return;
    if (script.status !== undefined) return void answer(script.status);
    if (url === '/latest/api/token') {
      const isValid = method === 'PUT' && Number(headers['x-aws-ec2-metadata-token-ttl-seconds']) > 0;
      return void answer(isValid ? 200 : 400, script.token);
    }
    if (headers['x-aws-ec2-metadata-token'] !== script.token) return void answer(401);
    const documents: Record<string, string | undefined> = {
      '/latest/meta-data/spot/instance-action': script.instanceAction,
      '/latest/meta-data/events/recommendations/rebalance': script.rebalance,
    };
    const document = documents[url];
    answer(document === undefined ? 404 : 200, document);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    script,
    requests,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
