import type { LocalStack } from '@afterimage/local-stack';
import type { DocumentedOperation } from './document.ts';

export interface ApiCall {
  readonly path: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  /** As it is sent. */
  readonly body: string | undefined;
}

export interface ApiAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
}

/** A call of an operation, as any HTTP client makes it. */
export async function send(
  { apiUrl }: Pick<LocalStack, 'apiUrl'>,
  operation: Pick<DocumentedOperation, 'method' | 'path'>,
  { path, query, headers, body }: ApiCall,
): Promise<ApiAnswer> {
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(path[name] ?? ''),
  );
  const url = new URL(filled, apiUrl);
  for (const [name, value] of query) url.searchParams.append(name, value);
  const response = await fetch(url, {
    method: operation.method,
    redirect: 'manual',
    headers,
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(30_000),
  });
  const mediaType = (response.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
  return { status: response.status, mediaType, text: await response.text() };
}
