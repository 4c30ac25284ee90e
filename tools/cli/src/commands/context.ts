import type { ApiClient } from '../api-client.ts';
import type { Clock } from '../clock.ts';
import type { Download } from '../download.ts';
import type { Reporter, TextSink } from '../output/reporter.ts';

/** All that a command works with. */
export interface CommandContext {
  readonly client: ApiClient;
  readonly download: Download;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly stdout: TextSink;
  /** Whether colours may be used on stdout. */
  readonly hasColor: boolean;
  /** Whether there is somebody who watches progress. */
  readonly wantsProgress: boolean;
  readonly newIdempotencyKey: () => string;
  /** Aborted by the first Ctrl-C. */
  readonly interrupted: AbortSignal;
}
