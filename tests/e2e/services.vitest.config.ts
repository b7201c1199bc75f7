import { configDefaults, defineConfig } from "vitest/config";

const results = process.env.SIGNET_TEST_RESULTS;

/** The black-box suites against separate processes: `npm run test:services`. What starts the processes that it needs by itself runs with `npm test`. */
export default defineConfig({
  test: {
    include: ["tests/{e2e,interop}/src/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "tests/e2e/src/{process,services,registry}/**"],
    env: { SIGNET_TEST_TOPOLOGY: "services" },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    allowOnly: process.env.CI === undefined,
    reporters: results === undefined ? ["default"] : ["default", "json"],
    ...(results === undefined ? {} : { outputFile: { json: results } }),
  },
});
