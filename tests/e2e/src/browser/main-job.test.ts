import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { administer, type SignetProcess, spawnSignet } from "@signet/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { complaintsOn, describeInBrowser, useChromium } from "./chromium.ts";
import { type LoginApp, startLoginApp } from "./login-app.ts";
import { decideOn, press, reach, signInOn } from "./on-page.ts";

const adminToken = "an-administration-token-for-the-main-job";
const password = "a password of no importance";

let dataDir: string;
let signet: SignetProcess;
let application: LoginApp;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "signet-main-job-"));
  signet = await spawnSignet({ SIGNET_DATA_DIR: dataDir, SIGNET_ADMIN_TOKEN: adminToken });
  await signet.ready();
  application = await startLoginApp(signet.url, dataDir);
});
afterAll(async () => {
  await application.stop();
  signet.signal("SIGTERM");
  await signet.ended();
  await rm(dataDir, { recursive: true });
});

const chromium = useChromium();

describeInBrowser.each([
  ["a browser", "ada", true],
  ["a browser without JavaScript", "grace", false],
])("with the example application, in %s", (_, username, javaScriptEnabled) => {
  test("a person signs in, agrees, is back with their name; refreshes, signs out of both, and signs in again without being asked to agree", async () => {
    await administer({ url: signet.url, adminToken }, "POST", "/default/users", {
      username,
      password,
      claims: { name: `The person ${username}` },
    });
    const page = await chromium.newPage({ javaScriptEnabled });
    const complaints = complaintsOn(page);

    await page.goto(application.url);
    await press(page, "Sign in");
    expect(new URL(page.url()).origin).toBe(signet.url);
    await signInOn(page, { username, password });
    await decideOn(page, "Allow");
    await reach(page, `Hello, The person ${username}`);
    expect(page.url()).toBe(application.url);
    expect(await claim(page, "iss")).toBe(signet.url);
    expect(await claim(page, "preferred_username")).toBe(username);

    const before = await accessToken(page);
    await press(page, "Refresh");
    await page.locator("#access-token", { hasNotText: before }).waitFor();
    await reach(page, `Hello, The person ${username}`);

    await press(page, "Sign out");
    await reach(page, "Welcome");

    expect(page.url()).toBe(application.url);
    await press(page, "Sign in");
    await reach(page, "Sign in");
    expect(new URL(page.url()).origin).toBe(signet.url);
    await signInOn(page, { username, password });
    await reach(page, `Hello, The person ${username}`);
    expect(complaints).toEqual([]);
  });
});

/** A claim as the page shows it: in JSON. */
async function claim(page: Page, name: string): Promise<unknown> {
  const shown = page.locator(`dt:text-is("${name}") + dd`).first();
  return JSON.parse((await shown.textContent()) ?? "");
}

async function accessToken(page: Page): Promise<string> {
  return (await page.locator("#access-token").textContent()) ?? "";
}
