// node src/commands/generate.ts: writes docs/metrics.md.
import { writeFileSync } from 'node:fs';
import { describeMetrics } from '../metrics/describe-metrics.ts';

writeFileSync(new URL('../../../../docs/metrics.md', import.meta.url), describeMetrics());
