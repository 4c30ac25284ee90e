import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { ApiRequest, ApiResponse, Route } from '@afterimage/app-host/lambda';
import { noneMatch } from '@afterimage/app-host/lambda';
import * as z from 'zod';

export interface DescriptionRoutesPorts {
  /** A file that the build puts beside the bundle. */
  readonly readFile: (name: 'openapi.json' | 'docs.html.gz' | 'docs.json') => Promise<Buffer>;
  readonly apiUrl: string;
}

interface Entry {
  readonly etag: string;
  readonly content: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const pageHeadersSchema = z.object({ contentSecurityPolicy: z.string() });
const CACHE_SECONDS = 300;

function tagOf(content: Buffer): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
}

function takesGzip(request: ApiRequest): boolean {
  return /(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[^,]*)?(?:,|$)/i.test(
    request.header('accept-encoding') ?? '',
  );
}

/** Reads once, when it is first asked for; a failure is not kept. */
function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return function get() {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}

function respond(request: ApiRequest, { etag, content, headers }: Entry): ApiResponse {
  const caching = { etag, 'cache-control': `public, max-age=${CACHE_SECONDS}` };
  if (!noneMatch(request.header('if-none-match'), etag)) return { status: 304, headers: caching };
  return { status: 200, headers: { ...caching, 'x-content-type-options': 'nosniff', ...headers }, content };
}

/** The description of the API, for programs and for people. Public, and the same for all. */
export function makeDescriptionRoutes({ readFile, apiUrl }: DescriptionRoutesPorts) {
  const document = lazy(async (): Promise<Entry> => {
    const description = z.looseObject({}).parse(JSON.parse((await readFile('openapi.json')).toString('utf8')));
    const content = Buffer.from(JSON.stringify({ ...description, servers: [{ url: apiUrl }] }));
    return { etag: tagOf(content), content, headers: { 'content-type': 'application/json' } };
  });

  const page = lazy(async (): Promise<Entry> => {
    const [content, about] = await Promise.all([readFile('docs.html.gz'), readFile('docs.json')]);
    const { contentSecurityPolicy } = pageHeadersSchema.parse(JSON.parse(about.toString('utf8')));
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy,
      'referrer-policy': 'no-referrer',
      vary: 'accept-encoding',
    };
    return { etag: tagOf(content), content, headers };
  });

  const openapi: Route['handle'] = async (request) => respond(request, await document());

  const docs: Route['handle'] = async (request) => {
    const { etag, content, headers } = await page();
    if (takesGzip(request)) {
      return respond(request, { etag, content, headers: { ...headers, 'content-encoding': 'gzip' } });
    }
    return respond(request, { etag, content: gunzipSync(content), headers });
  };

  return { openapi, docs };
}
