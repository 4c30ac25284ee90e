/** `node src/commands/cfn-lint.ts [--stage <stage>]`: lints the templates with cfn-lint, where it is installed. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from './arguments.ts';
import { runCdk } from './cdk.ts';

/**
 * W3005: CDK writes dependencies that references make already. W2001: parameters of CDK's own bootstrap version.
 * W3010: zones are configuration.
 */
const IGNORED = ['W3005', 'W2001', 'W3010'];

const { stage } = readArguments(process.argv.slice(2), process.env);
if (spawnSync('cfn-lint', ['--version']).status !== 0) {
  process.stdout.write('SKIPPED: cfn-lint is not installed (pip install cfn-lint), so it has not seen the templates\n');
} else {
  const output = mkdtempSync(join(tmpdir(), 'afterimage-cfn-lint-'));
  try {
    process.exitCode = await runCdk(stage, ['synth', '--quiet', '--output', output]);
    const templates = globSync(join(output, '*.template.json'));
    if (process.exitCode === 0) {
      const { status } = spawnSync('cfn-lint', [...templates, '--ignore-checks', ...IGNORED], { stdio: 'inherit' });
      process.exitCode = status ?? 1;
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}
