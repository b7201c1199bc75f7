import { configDefaults, defineConfig } from "vitest/config";

const results = process.env.SIGNET_TEST_RESULTS;

export default defineConfig({
  test: {
    include: ["{apps,packages,tests,examples,bench}/**/*.test.ts"],
    // Those on containers have a configuration of their own: `npm run test:compose`.
    exclude: [...configDefaults.exclude, "tests/compose/**"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    allowOnly: process.env.CI === undefined,
    reporters: results === undefined ? ["default"] : ["default", "json"],
    ...(results === undefined ? {} : { outputFile: { json: results } }),
  },
});
