import { describe, expect, it } from 'vitest';
import { ACKNOWLEDGED, type Acknowledgement } from './support/acknowledged.ts';
import { nagFindings, type Finding } from './support/findings.ts';

const findings = nagFindings('example');

function holds({ rule, where }: Acknowledgement, finding: Finding): boolean {
  return (typeof rule === 'string' ? rule === finding.rule : rule.test(finding.rule)) && where.test(finding.path);
}

describe('the AWS Solutions rules of cdk-nag', () => {
  it('were run', () => {
    expect(findings).not.toEqual([]);
  });

  it('find nothing that is not acknowledged with a reason; so every wildcard in a policy is in the list', () => {
    const open = findings.filter((finding) => !ACKNOWLEDGED.some((entry) => holds(entry, finding)));

    expect(open).toEqual([]);
  });

  it('need every acknowledgement', () => {
    const needless = ACKNOWLEDGED.filter((entry) => !findings.some((finding) => holds(entry, finding)));

    expect(needless).toEqual([]);
  });

  it('are not acknowledged for a function as a whole: no action of a service, and no resource but those of a list', () => {
    const functionsOwn = findings.filter(
      ({ rule, path }) => /^(Api|Notifier)\/\w+\/Role\//.test(path) && rule.startsWith('IAM5[Action::'),
    );

    expect(new Set(functionsOwn.map(({ rule }) => rule))).toEqual(new Set(['IAM5[Action::kms:GenerateDataKey*]']));
  });
});
