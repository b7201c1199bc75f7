import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ComposeStack, composeStack, homeOf } from "./compose-stack.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const suitesFolders = ["e2e", "interop"].map((name) => join(root, "tests", name, "src"));
const minutes = 60_000;

let stack: ComposeStack;
const folder = mkdtempSync(join(tmpdir(), "signet-compose-"));

beforeAll(async () => {
  stack = await composeStack({ isBusy: true });
  await stack.build();
  await stack.up("--scale", "token=2", "--scale", "auth=2");
}, 10 * minutes);

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stack.destroy();
}, 3 * minutes);

/** They count what all suites do – tenants, refusals – or want a machine for themselves: for times, or for a hundred requests at once. */
const alone = [
  "administration-users.test.ts",
  join("browser", "forms.test.ts"),
  "refusals.test.ts",
  "rewrap-keys.test.ts",
  "slow-clients.test.ts",
  "slow-texts.test.ts",
];

/** A Signet that others use as well has one clock and one set of settings, and keeps running: suites that want it otherwise run on the other topologies. */
function suitesForSharedSignet(): readonly string[] {
  return suitesFolders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".test.ts") && !alone.includes(path))
      .map((path) => join(folder, path))
      .filter((path) => {
        const text = readFileSync(path, "utf8");
        return text.includes("startSignet()") && !/startSignet\(\{|restart\(\)|clockwork/.test(text);
      }),
  );
}

test("the black-box suites pass against the containers, with two replicas of token and of auth", {
  timeout: 12 * minutes,
}, async () => {
  const { url, adminToken, adminPassword, registrationToken } = await homeOf(stack);
  const known = join(folder, "home.json");
  writeFileSync(known, JSON.stringify({ url, adminToken, adminPassword, registrationToken }), { mode: 0o600 });
  // The report of the run that this test belongs to is not theirs.
  const { SIGNET_TEST_RESULTS: _, ...environment } = process.env;
  const vitest = spawn(
    process.execPath,
    [join(root, "node_modules", "vitest", "vitest.mjs"), "run", "--root", root, "--reporter", "dot", ...suitesForSharedSignet()],
    {
      env: { ...environment, SIGNET_TEST_TOPOLOGY: "containers", SIGNET_TEST_CONTAINERS: known },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let printed = "";
  for (const stream of [vitest.stdout, vitest.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  const [exitCode]: unknown[] = await once(vitest, "close");
  expect(exitCode, printed.slice(-20_000)).toBe(0);
  expect(printed).toMatch(/Tests .*\d+ passed/);
});
