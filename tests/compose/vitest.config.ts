import { defineConfig } from "vitest/config";

const results = process.env.SIGNET_TEST_RESULTS;

/** On their own: they want the machine for themselves, and take minutes. `npm run test:compose`. */
export default defineConfig({
  test: {
    include: ["tests/compose/src/**/*.test.ts"],
    testTimeout: 60_000,
    fileParallelism: false,
    // Each test goes on where the one before left the stack.
    sequence: { shuffle: false, concurrent: false },
    allowOnly: process.env.CI === undefined,
    reporters: results === undefined ? ["default"] : ["default", "json"],
    ...(results === undefined ? {} : { outputFile: { json: results } }),
  },
});
