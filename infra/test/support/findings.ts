import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Validations, type App } from 'aws-cdk-lib';
import * as z from 'zod';
import { buildStage, type SynthOptions } from './synth-stage.ts';

export interface Finding {
  /** `IAM5[Resource::*]`, without the name of the pack. */
  readonly rule: string;
  readonly path: string;
}

const reportSchema = z.object({
  pluginReports: z.array(
    z.object({
      violations: z.array(
        z.object({
          ruleName: z.string(),
          violatingConstructs: z.array(z.object({ constructPath: z.string() })),
        }),
      ),
    }),
  ),
});

/** What a synthesis reports: the rules, and the paths of the constructs. */
function findingsOf({ app, dispose }: ReturnType<typeof buildStage>): Finding[] {
  const file = join(app.outdir, 'validation-report.json');
  try {
    return readReport(app, file);
  } finally {
    dispose();
  }
}

function readReport(app: App, file: string): Finding[] {
  try {
    app.synth();
  } catch (error) {
    // Findings make it fail, once the report is written.
    if (!existsSync(file)) throw error;
  }
  const report = reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return report.pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({
        rule: ruleName.replace(/^(AwsSolutions::)?AwsSolutions-/, ''),
        path: constructPath.replace(/\/Resource$/, ''),
      })),
    ),
  );
}

/** Everything that the AWS Solutions rules find in the stage. */
export function nagFindings(stage: string): Finding[] {
  const built = buildStage(stage);
  Validations.of(built.app).addPlugins(new AwsSolutionsChecks(built.app));
  return findingsOf(built);
}

/** Everything that CloudFormation's own rules find in the stage. */
export function cloudFormationFindings(stage: string, options?: SynthOptions): Finding[] {
  return findingsOf(buildStage(stage, { ...options, validation: true }));
}
