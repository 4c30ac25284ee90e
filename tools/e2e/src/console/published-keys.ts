// Loaded into the console's process before it starts: what AWS and the identity provider publish comes from a server of the
// test, by the same paths. Everything else of the process is as it is deployed.
import http from 'node:http';
import https, { type RequestOptions } from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

const PUBLISHERS = /^(public-keys\.auth\.elb|cognito-idp)\.[a-z0-9-]+\.amazonaws\.com$/;
const keyServer = process.env['KEY_SERVER_URL'];

https.request = ((uri: string | URL, options: RequestOptions, onResponse: (response: http.IncomingMessage) => void) => {
  const { hostname, pathname } = new URL(uri);
  if (!PUBLISHERS.test(hostname)) throw new Error(`the console asks ${hostname} for something`);
  return http.request(new URL(pathname, keyServer), options, onResponse);
}) as typeof https.request;
syncBuiltinESMExports();
