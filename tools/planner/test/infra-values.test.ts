import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SCALE_DOWN, SCALE_UP } from '../src/simulation/autoscaler.ts';
import { EMPTY_SECONDS } from '../src/to-simulation.ts';

const source = (file: string) =>
  readFileSync(new URL(`../../../infra/src/constructs/${file}`, import.meta.url), 'utf8');

describe('what is simulated is what infra deploys', () => {
  it('the behaviour of the autoscaler', () => {
    const text = source('kubernetes/scaled-object.ts');
    const policies = ({ percent, pods, periodSeconds }: { percent: number; pods: number; periodSeconds: number }) => [
      `{ type: 'Percent', value: ${percent}, periodSeconds: ${periodSeconds} }`,
      `{ type: 'Pods', value: ${pods}, periodSeconds: ${periodSeconds} }`,
    ];

    expect(text).toContain(`SCALE_DOWN_SECONDS = ${SCALE_DOWN.stabilizationSeconds};`);
    for (const policy of [...policies(SCALE_UP), ...policies(SCALE_DOWN)]) expect(text).toContain(policy);
  });

  it('the time that an empty machine is kept', () => {
    expect(source('kubernetes/node-pools.ts')).toContain(`EMPTY_SECONDS = ${EMPTY_SECONDS};`);
  });

  it('the system nodes', () => {
    const text = source('cluster/system-nodes.ts');

    expect(text).toContain("INSTANCE_TYPE = 't4g.large'");
    expect(text).toContain('NODES = 2;');
    expect(text).toContain('DATA_VOLUME_GIB = 30;');
  });
});
