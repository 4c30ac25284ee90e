import { describeMetrics, isMetricName, METRIC_CATALOGUE } from '@afterimage/telemetry/metrics';
import { describe, expect, it } from 'vitest';
import { ownFiles, read } from './workspace.ts';

/** Where the functions behind the API write theirs, all from the same files. */
const EDGE = 'libs/app-host/src/lambda';
/** The function that a folder of another name is a part of. */
const FOLDERS: Readonly<Record<string, string>> = { 'wait-api': 'status-api' };

function sources(service: string): string {
  const folder = FOLDERS[service] ?? service;
  const files = [...ownFiles(`apps/${folder}/src/**/*.ts`), ...ownFiles(`${EDGE}/*.ts`)];
  return files
    .filter((file) => !/\.(test|prop\.test)\.ts$/.test(file))
    .map(read)
    .join('\n');
}

/** Members of the apps' own tables of metrics by the name of the metric: `  receiveErrors: 'WorkerReceiveErrors',`. */
function memberOf(text: string, name: string): string | undefined {
  return new RegExp(`(\\w+): '${name}'`).exec(text)?.[1];
}

describe('the catalogue of metrics', () => {
  it('is what docs/metrics.md says', () => {
    expect(read('docs/metrics.md')).toBe(describeMetrics());
  });

  it.each(Object.keys(METRIC_CATALOGUE).filter(isMetricName))('has %s, which its services write', (name) => {
    for (const service of METRIC_CATALOGUE[name].services) {
      const text = sources(service);
      const member = memberOf(text, name);
      const isDirect = new RegExp(`metrics\\.(count|duration|gauge)\\('${name}'`).test(text);
      const isByTable = member !== undefined && new RegExp(`\\.${member}\\b|_OF_STEP|OUTCOME_METRIC\\[`).test(text);
      expect(isDirect || isByTable || text.includes(`'${name}' satisfies`), `${service} does not write ${name}`).toBe(
        true,
      );
    }
  });
});
