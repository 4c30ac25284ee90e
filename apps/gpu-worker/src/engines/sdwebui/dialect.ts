import * as z from 'zod';
import { EngineError } from '../engine-error.ts';
import { type WebuiClient, WebuiStatusError } from './webui-client.ts';

/** Servers that speak the API of AUTOMATIC1111's WebUI, each with differences of its own. */
export type Dialect = 'a1111' | 'forge' | 'sdnext';

/** SD.Next counts requests against a limit, also these: no faster than its author's advice. */
const SDNEXT_POLL_MS = 500;

export function pollMs(dialect: Dialect, configuredMs: number): number {
  return dialect === 'sdnext' ? Math.max(configuredMs, SDNEXT_POLL_MS) : configuredMs;
}

async function answers(client: WebuiClient, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    await client.get(path, z.unknown(), signal);
    return true;
  } catch (error) {
    const cause = error instanceof EngineError ? error.cause : undefined;
    if (cause instanceof WebuiStatusError && cause.status < 500) return false;
    throw error;
  }
}

/** Told apart by the paths that only one of them has. */
export async function detectDialect(client: WebuiClient, signal: AbortSignal): Promise<Dialect> {
  if (await answers(client, 'status', signal)) return 'sdnext';
  return (await answers(client, 'sd-modules', signal)) ? 'forge' : 'a1111';
}
