// Adds up the test reports of all projects; the last line reads "N passed, N failed" (and ", N skipped" where there are).
import { globSync, readFileSync } from 'node:fs';
import { workspaceRoot } from './node-runtime.mjs';

const total = { passed: 0, failed: 0, skipped: 0 };
const reports = globSync('{infra,{apps,libs,tools}/*,apps/*/web}/test-results/vitest.json', { cwd: workspaceRoot });
for (const file of reports) {
  const report = JSON.parse(readFileSync(`${workspaceRoot}/${file}`, 'utf8'));
  const failedSuites = report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  );
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests + failedSuites.length;
  total.skipped += report.numPendingTests + report.numTodoTests;
}
const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
