import { describe, expect, it } from 'vitest';
import { cloudFormationFindings } from './support/findings.ts';
import { synthStage } from './support/synth-stage.ts';

describe("CloudFormation's own rules", () => {
  it('find nothing in the stage that has every setting', () => {
    expect(cloudFormationFindings('example')).toEqual([]);
  });

  it('would find a value that no service takes', () => {
    const { config } = synthStage('dev').context;
    const api = { ...config.api, requestsPerAddress: 1 };

    expect(cloudFormationFindings('dev', { config: { api } })).toContainEqual(
      expect.objectContaining({ path: expect.stringContaining('PublicApi/Firewall') }),
    );
  });
});
