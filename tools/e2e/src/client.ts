import { isTerminal, type Job, type JobList, jobListSchema, jobSchema, problemSchema } from '@afterimage/job-schemas';
import type { LocalStack } from '@afterimage/local-stack';
import { waitFor } from '@afterimage/testing';

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string or bytes are sent as they are. */
  readonly body?: unknown;
  /** Null sends none. */
  readonly apiKey?: string | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // The tests look into answers of any shape, malformed requests' too.
  readonly json: Readonly<Record<string, unknown>>;
}

/** Of the requests of all tests; no log may hold it. */
export const PROMPT = 'a red boat on a calm lake at dawn';

/** A small request for a picture that is made at once. */
export function aRequest(
  overrides: Readonly<Record<string, unknown>> = {},
  input: Readonly<Record<string, unknown>> = {},
) {
  const base = { prompt: PROMPT, width: 64, height: 64, steps: 4, ...input };
  return { model: 'sketch-1', task: 'text-to-image', input: base, ...overrides };
}

/** Whatever is refused, by whomever on the way, is refused with a problem. */
function checkProblem({ status, headers, json }: Answer, call: string): void {
  const result = problemSchema.safeParse(json);
  if (headers.get('content-type') === 'application/problem+json' && result.data?.status === status) return;
  throw new Error(`${call} is answered with ${status} and no problem of that status: ${JSON.stringify(json)}`);
}

/** The API as a plain HTTP client sees it. */
export class Client {
  readonly #stack: Pick<LocalStack, 'apiUrl' | 'apiKey'>;

  constructor(stack: Pick<LocalStack, 'apiUrl' | 'apiKey'>) {
    this.#stack = stack;
  }

  async call(
    path: string,
    { method = 'GET', headers = {}, body, apiKey = this.#stack.apiKey }: CallOptions = {},
  ): Promise<Answer> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(new URL(path, this.#stack.apiUrl), {
      method,
      redirect: 'manual',
      headers: {
        ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, json: text === '' ? {} : JSON.parse(text) };
    if (answer.status >= 400) checkProblem(answer, `${method} ${path}`);
    return answer;
  }

  /** @throws Error when the job is not accepted */
  async submit(request: object = aRequest(), headers: Readonly<Record<string, string>> = {}): Promise<Job> {
    const { status, json } = await this.call('/v1/jobs', { method: 'POST', body: request, headers });
    if (status !== 202) throw new Error(`the job was not accepted: ${JSON.stringify(json)}`);
    return jobSchema.parse(json);
  }

  async get(id: string): Promise<Job> {
    return jobSchema.parse((await this.call(`/v1/jobs/${id}`)).json);
  }

  async list(query = ''): Promise<JobList> {
    return jobListSchema.parse((await this.call(`/v1/jobs${query}`)).json);
  }

  /** The job once the condition holds of it. */
  async jobWhere(id: string, what: string, holds: (job: Job) => boolean, timeoutMs = 60_000): Promise<Job> {
    let last: Job | undefined;
    const look = async () => {
      last = await this.get(id);
      return holds(last) ? last : undefined;
    };
    try {
      return await waitFor(look, { timeoutMs, intervalMs: 50, what: `${id} ${what}` });
    } catch (error) {
      throw new Error(`${id} is not ${what}: ${last?.status} ${JSON.stringify(last?.attempts)}`, { cause: error });
    }
  }

  terminal(id: string, timeoutMs?: number): Promise<Job> {
    return this.jobWhere(id, 'terminal', ({ status }) => isTerminal(status), timeoutMs);
  }

  /** The bytes of an output, by the redirect of `contentUrl`. */
  async content(id: string, index = 0): Promise<Buffer> {
    const { headers } = await this.call(`/v1/jobs/${id}/outputs/${index}/content`);
    const response = await fetch(headers.get('location') ?? '', { signal: AbortSignal.timeout(30_000) });
    return Buffer.from(await response.arrayBuffer());
  }
}
