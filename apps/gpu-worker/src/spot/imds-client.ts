import * as z from 'zod';

/** What the machine is told of its own end. */
export interface SpotState {
  /** When the machine is taken back; undefined while nothing is planned. */
  readonly takenBackAt: Date | undefined;
  /** When it was recommended to move the work elsewhere. */
  readonly rebalanceAt: Date | undefined;
}

export interface ImdsClientOptions {
  /** `http://169.254.169.254`, or that of a fake. */
  readonly url: string;
  readonly fetch: typeof fetch;
}

/** The service is on the machine itself: it answers at once or not at all. */
const ANSWER_MS = 2000;
const TOKEN_SECONDS = 21_600;
const LATEST = '/latest/meta-data';

const actionSchema = z.object({ action: z.string(), time: z.iso.datetime() });
const rebalanceSchema = z.object({ noticeTime: z.iso.datetime() });

/** The EC2 instance metadata service, version 2: every request carries a session's token. */
export class ImdsClient {
  readonly #options: ImdsClientOptions;
  #token: string | undefined;

  constructor(options: ImdsClientOptions) {
    this.#options = options;
  }

  /** @throws Error when the service does not answer, or not as it should */
  async spotState(signal: AbortSignal): Promise<SpotState> {
    const [action, rebalance] = await this.#getBoth(signal);
    const plan = action === undefined ? undefined : actionSchema.parse(JSON.parse(action));
    const notice = rebalance === undefined ? undefined : rebalanceSchema.parse(JSON.parse(rebalance));
    return {
      takenBackAt: plan === undefined ? undefined : new Date(plan.time),
      rebalanceAt: notice === undefined ? undefined : new Date(notice.noticeTime),
    };
  }

  async #getBoth(signal: AbortSignal): Promise<[string | undefined, string | undefined]> {
    this.#token ??= await this.#newToken(signal);
    try {
      return [
        await this.#get('/spot/instance-action', this.#token, signal),
        await this.#get('/events/recommendations/rebalance', this.#token, signal),
      ];
    } catch (error) {
      // The token may have run out: the next look asks for a new one.
      this.#token = undefined;
      throw error;
    }
  }

  async #newToken(signal: AbortSignal): Promise<string> {
    const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_SECONDS) };
    const token = await this.#request('/latest/api/token', { method: 'PUT', headers }, signal);
    if (token === undefined || token === '') throw new Error('the metadata service gives no token');
    return token;
  }

  #get(path: string, token: string, signal: AbortSignal): Promise<string | undefined> {
    return this.#request(LATEST + path, { method: 'GET', headers: { 'x-aws-ec2-metadata-token': token } }, signal);
  }

  /** Undefined for 404, which is how the service says that there is nothing to tell. */
  async #request(path: string, init: RequestInit, signal: AbortSignal): Promise<string | undefined> {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
    const response = await this.#options.fetch(this.#options.url + path, {
      ...init,
      redirect: 'error',
      signal: inTime,
    });
    const body = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`the metadata service answers ${response.status} to ${path}`);
    return body;
  }
}
