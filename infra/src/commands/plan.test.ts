import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import { deployPlan, destroyPlan, diffPlan } from './plan.ts';

const read = (...args: string[]) => readArguments(args, {});
const kept = { deletable: false, admin: undefined };
const deletable = { deletable: true, admin: undefined };

describe('readArguments', () => {
  it('takes the stage from the flag, then from the environment, and else it is dev', () => {
    expect(read('--stage=prod').stage).toBe('prod');
    expect(readArguments([], { STAGE: 'prod' }).stage).toBe('prod');
    expect(read().stage).toBe('dev');
  });

  it('knows the stages that have a file', () => {
    expect(() => read('--stage=staging')).toThrow('there is no stage "staging": infra/config/staging.json is missing');
    expect(() => read('--stage=../prod')).toThrow('there is no stage');
  });

  it('refuses a flag that it does not know', () => {
    expect(() => read('--stagee=prod')).toThrow(/--stagee/);
  });
});

describe('deployPlan', () => {
  it('leaves to CDK what has not changed when a stack is named', () => {
    expect(deployPlan(['Notifier'])).toEqual(['deploy', 'Notifier', '--require-approval', 'never']);
  });

  it('forces every stack when the foundation may have changed', () => {
    expect(deployPlan([])).toEqual(['deploy', '--all', '--force', '--require-approval', 'never']);
  });
});

describe('diffPlan', () => {
  it('shows the named stacks, or all', () => {
    expect([diffPlan(['Api']), diffPlan([])]).toEqual([
      ['diff', 'Api'],
      ['diff', '--all'],
    ]);
  });
});

describe('destroyPlan', () => {
  it('leaves the data and its network unless told', () => {
    const plan = destroyPlan(read('--stage=prod'), kept);

    expect(plan).not.toContain('Data');
    expect(plan).not.toContain('Network');
    expect(plan).toContain('Cluster');
    // Without it CDK would add the stacks that need one of these.
    expect(plan).toContain('--exclusively');
  });

  it('takes the data too when the name of the stage is written once more', () => {
    expect(destroyPlan(read('--delete-data=dev'), deletable)).toEqual(expect.arrayContaining(['Data', 'Network']));
  });

  it('refuses the name of another stage', () => {
    expect(() => destroyPlan(read('--stage=dev', '--delete-data=prod'), deletable)).toThrow(
      '--delete-data must be the name of the stage, "dev", got "prod"',
    );
  });

  it('refuses the data of a stage that keeps it', () => {
    expect(() => destroyPlan(read('--stage=prod', '--delete-data=prod'), kept)).toThrow(
      'the stage "prod" keeps its data: set "deletable" to true in infra/config/prod.json',
    );
  });

  it('takes the console along where there is one', () => {
    expect(destroyPlan(read(), deletable)).not.toContain('Admin');
    const admin = {
      domain: { name: 'a.example.com', certificateArn: 'arn' },
      allowedCidrs: [],
      dollarsPerHour: {},
      tasks: 1,
    };
    const signIn = { type: 'cognito' as const, domainPrefix: 'x' };
    expect(destroyPlan(read(), { deletable: true, admin: { ...admin, signIn } })).toContain('Admin');
  });
});
