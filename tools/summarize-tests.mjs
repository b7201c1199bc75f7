// Prints `N passed, N failed, N skipped` from vitest's JSON reports; a skip, or a run without a test, is a failure in CI.
import { readFileSync } from "node:fs";

const counts = process.argv.slice(2).map((path) => {
  const report = JSON.parse(readFileSync(path, "utf8"));
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
});
const sum = (member) => counts.reduce((total, count) => total + count[member], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
process.exitCode = counts.every(({ passed }) => passed > 0) && sum("failed") === 0 && sum("skipped") === 0 ? 0 : 1;
