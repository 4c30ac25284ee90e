import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStageConfig, stageConfigSchema } from './stage-config.ts';

const CONFIG = join(import.meta.dirname, '../../config');
const dev = readStageConfig(join(CONFIG, 'dev.json'));

function complaints(change: object): string[] {
  const { error } = stageConfigSchema.safeParse({ ...dev, ...change });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('readStageConfig', () => {
  it.each(['dev', 'prod', 'example'])('reads %s.json, which names its stage', (stage) => {
    expect(readStageConfig(join(CONFIG, `${stage}.json`)).stage).toBe(stage);
  });

  it('keeps the data of production', () => {
    expect(readStageConfig(join(CONFIG, 'prod.json')).deletable).toBe(false);
  });

  it('names a file that is not there', () => {
    expect(() => readStageConfig(join(CONFIG, 'staging.json'))).toThrow(/staging\.json cannot be read as JSON/);
  });

  it('refuses a copy that still names the other stage', () => {
    const folder = mkdtempSync(join(tmpdir(), 'afterimage-config-'));
    const copy = join(folder, 'staging.json');
    copyFileSync(join(CONFIG, 'prod.json'), copy);
    try {
      expect(() => readStageConfig(copy)).toThrow(/staging\.json is of the stage "prod"/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('names a file of another shape, and each wrong field', () => {
    expect(() => readStageConfig(join(CONFIG, 'pools.json'))).toThrow(
      /pools\.json is not a stage's configuration:[^]*at stage[^]*at network/,
    );
  });
});

describe('stageConfigSchema', () => {
  it.each([
    ['a stage that bucket names cannot hold', { stage: 'Dev_1' }, 'stage: must be lower-case letters and digits'],
    [
      'a zone of another region',
      { availabilityZones: ['us-east-1a', 'eu-west-1b'] },
      'availabilityZones.1: "eu-west-1b"',
    ],
    ['a zone twice', { availabilityZones: ['us-east-1a', 'us-east-1a'] }, 'availabilityZones.1: "us-east-1a" must be'],
    [
      'more NAT gateways than zones',
      { network: { cidr: '10.0.0.0/16', natGateways: 3 } },
      'network.natGateways: must be',
    ],
    ['a retention that CloudWatch does not know', { logRetentionDays: 8 }, 'logRetentionDays: '],
    ['an account that is none', { account: '42' }, 'account: must be 12 digits'],
    [
      'a Kubernetes API for the whole internet',
      { cluster: { publicAccessCidrs: ['0.0.0.0/0'] } },
      'cluster.publicAccessCidrs.0: must not be the whole internet',
    ],
    [
      'an operator who is no principal',
      { cluster: { adminRoleArns: ['operators'] } },
      'cluster.adminRoleArns.0: must be the ARN of a role or user',
    ],
    ['a misspelt field', { deleteable: true }, ': Unrecognized key: "deleteable"'],
  ])('refuses %s', (_, change, message) => {
    expect(complaints(change).join('\n')).toContain(message);
  });
});
