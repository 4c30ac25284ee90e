import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { resourceName, type StageContext } from '../stage-context.ts';
import { retainedLogGroup } from './log-group.ts';

/**
 * Rules of AWS against known attackers. Its rules about the contents of requests (CommonRuleSet, SQLi) are left out: a
 * prompt is free text, and may well be about `<script>` or `DROP TABLE`; the API reads each body by a strict schema.
 */
const MANAGED_RULES = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet'];

export interface WebAclProps {
  readonly context: StageContext;
  readonly name: string;
  /** Requests of one address within five minutes. */
  readonly requestsPerAddress: number;
}

function visible(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}

/** A firewall with its log: known attackers, and addresses that ask too much. */
export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { context, name, requestsPerAddress }: WebAclProps) {
    super(scope, id);
    const managed = MANAGED_RULES.map((rule, index): CfnWebACL.RuleProperty => {
      const managedRuleGroupStatement = { vendorName: 'AWS', name: rule };
      return {
        name: rule,
        priority: index + 1,
        statement: { managedRuleGroupStatement },
        overrideAction: { none: {} },
        visibilityConfig: visible(rule),
      };
    });
    const perAddress: CfnWebACL.RuleProperty = {
      name: 'RequestsPerAddress',
      priority: 0,
      statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: requestsPerAddress } },
      action: { block: {} },
      visibilityConfig: visible('RequestsPerAddress'),
    };
    const acl = new CfnWebACL(this, 'Acl', {
      name: resourceName(context.config, name),
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules: [perAddress, ...managed],
      visibilityConfig: visible(resourceName(context.config, name)),
    });
    this.arn = acl.attrArn;
    // The prefix is what allows WAF to write to the group.
    const logGroupName = `aws-waf-logs-${resourceName(context.config, name)}`;
    const group = retainedLogGroup(this, 'Logs', context.config, { logGroupName });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        // The ARN of the group itself: the attribute of that name ends in `:*`, which WAF refuses.
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: group.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: ['authorization', 'x-api-key', 'cookie'].map((header) => ({ singleHeader: { Name: header } })),
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          { Behavior: 'KEEP', Requirement: 'MEETS_ANY', Conditions: [{ ActionCondition: { Action: 'BLOCK' } }] },
        ],
      },
    });
  }
}
