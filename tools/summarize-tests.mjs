// Prints `N passed, N failed, N skipped` from vitest's JSON report; a skip or an empty run is a failure in CI.
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
const passed = report.numPassedTests;
const failed =
  report.numFailedTests +
  report.testResults.filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0).length;
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = passed > 0 && failed === 0 && skipped === 0 ? 0 : 1;
