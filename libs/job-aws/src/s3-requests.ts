import { setTimeout as pause } from 'node:timers/promises';
import type { SignedLink } from '@afterimage/job-core';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { buildQueryString, escapeUri, HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsClientOptions } from './aws-clients.ts';
import { callAws, isTransientAwsError } from './aws-errors.ts';
import { type CredentialSource, endOfCredentials } from './end-of-credentials.ts';

type Headers = Readonly<Record<string, string>>;

/** An object, and what is asked of it. */
export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly bucket: string;
  readonly key: string;
  readonly headers?: Headers;
}

/** What the composition root knows; the options of a client are for tests. */
export interface S3RequestsOptions extends AwsClientOptions {
  /** Has region and endpoint, by the SDK's own names, unless the options do. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

const CONNECT_MS = 2000;
const REQUEST_MS = 60_000;
const MAX_ATTEMPTS = 3;
const PAUSE_MS = 50;
const UNSIGNED_PAYLOAD = { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' };

/** An answer of S3 other than 2xx and 404. */
class S3RequestError extends Error {
  override readonly name = 'S3RequestError';
  readonly $metadata: { readonly httpStatusCode: number };

  constructor({ method, bucket }: S3Request, httpStatusCode: number) {
    super(`S3 answers ${httpStatusCode} to ${method} of an object in the bucket ${bucket}`);
    this.$metadata = { httpStatusCode };
  }
}

function regionOf({ env, region = env['AWS_REGION'] }: S3RequestsOptions): string {
  if (region === undefined || region === '') throw new Error('S3 needs a region: AWS_REGION is not set');
  return region;
}

/**
 * Signs requests for single objects, and makes them, without the SDK's S3 client: for functions whose start would be all about loading it. Region,
 * credentials and endpoint are those of the environment unless given, as the SDK reads them; each call ends as the client's do.
 */
export class S3Requests {
  readonly #random: () => number;
  readonly #region: string;
  readonly #endpoint: string | undefined;
  readonly #credentials: CredentialSource;
  readonly #signer: SignatureV4;
  readonly #transport = new NodeHttpHandler({
    connectionTimeout: CONNECT_MS,
    requestTimeout: REQUEST_MS,
    throwOnRequestTimeout: true,
  });

  /** @throws Error when there is no region */
  constructor(options: S3RequestsOptions) {
    const { env, random } = options;
    this.#random = random;
    this.#region = regionOf(options);
    this.#endpoint = options.endpoint ?? env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'];
    const credentials = options.credentials ?? fromEnv();
    this.#credentials = () => Promise.resolve(typeof credentials === 'function' ? credentials() : credentials);
    this.#signer = new SignatureV4({
      service: 's3',
      region: this.#region,
      credentials,
      sha256: Hash.bind(null, 'sha256'),
      uriEscapePath: false,
    });
  }

  /** A URL that anybody can use; a request to it has to carry the headers. */
  async presign(request: S3Request, expiresInSeconds: number): Promise<SignedLink> {
    const { headers = {} } = request;
    const credentialsEndAt = await endOfCredentials(this.#credentials);
    const signed = await this.#signer.presign(this.#toHttp(request, { ...headers, ...UNSIGNED_PAYLOAD }), {
      expiresIn: expiresInSeconds,
      // Left to itself the signer would take none of them into the signature: S3 would store any bytes of any type.
      signableHeaders: new Set(['host', ...Object.keys(headers)]),
      unhoistableHeaders: new Set(Object.keys(headers)),
    });
    const { protocol, hostname, port, path, query = {} } = signed;
    const origin = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
    return { url: `${origin}${path}?${buildQueryString(query)}`, credentialsEndAt };
  }

  /**
   * The headers of the answer; undefined when there is no such object.
   * @throws DependencyUnavailableError when S3 cannot be reached or fails, after three attempts
   */
  send(request: S3Request, body?: Uint8Array): Promise<Headers | undefined> {
    return callAws(`the bucket ${request.bucket}`, async () => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.#attempt(request, body);
        } catch (error) {
          if (attempt === MAX_ATTEMPTS || !isTransientAwsError(error)) throw error;
        }
        await pause(this.#random() * PAUSE_MS * 2 ** attempt);
      }
    });
  }

  async #attempt(request: S3Request, body: Uint8Array | undefined): Promise<Headers | undefined> {
    const length = body === undefined ? {} : { 'content-length': String(body.byteLength) };
    const http = this.#toHttp(request, { ...request.headers, ...length });
    http.body = body;
    const { response } = await this.#transport.handle(HttpRequest.clone(await this.#signer.sign(http)));
    // Reading it gives the connection back.
    for await (const _chunk of response.body);
    if (response.statusCode === 404) return undefined;
    if (response.statusCode >= 300) throw new S3RequestError(request, response.statusCode);
    return response.headers;
  }

  #toHttp({ method, bucket, key }: S3Request, headers: Headers): HttpRequest {
    const path = `/${key.split('/').map(escapeUri).join('/')}`;
    // A name with dots fits no certificate, and an emulator's host has no subdomains.
    const hasOwnHost = this.#endpoint === undefined && !bucket.includes('.');
    const suffix = this.#region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    const url = new URL(this.#endpoint ?? `https://${hasOwnHost ? `${bucket}.` : ''}s3.${this.#region}.${suffix}`);
    return new HttpRequest({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      path: hasOwnHost ? path : `/${bucket}${path}`,
      headers: { host: url.host, ...headers },
    });
  }
}
