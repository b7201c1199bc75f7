import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, onTestFinished, vi } from "vitest";

const names = ["chromium", "chromium-browser", "google-chrome"];
const switches = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const executablePath = findOnPath();

// On a busy machine a browser takes its time: what these bound is a page that never comes.
const pageTimeoutMilliseconds = 20_000;
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

if (executablePath === undefined) {
  const missing = `there is none of ${names.join(", ")} on the PATH`;
  if (process.env.CI !== undefined) throw new Error(`Tests in a real browser cannot run: ${missing}.`);
  console.warn(`Tests in a real browser are skipped: ${missing}.`);
}

/** A `describe` whose tests need the browser. */
export const describeInBrowser = describe.skipIf(executablePath === undefined);

export interface ChromiumOptions {
  /** Where the browser finds hosts that no name server knows: `name:port` to `name:port`. */
  readonly hosts?: () => ReadonlyMap<string, string>;
}

/** The browser of a test file, started before its tests and ended after them. */
export interface Chromium {
  /** The first page of a new browser profile, which ends with the test. Any certificate is good. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
}

export function useChromium({ hosts }: ChromiumOptions = {}): Chromium {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (executablePath === undefined) return;
    const rules = [...(hosts?.() ?? [])].map(([name, target]) => `MAP ${name} ${target}`);
    const args = rules.length === 0 ? switches : [...switches, `--host-resolver-rules=${rules.join(",")}`];
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(() => browser?.close());
  return {
    async newPage(options) {
      if (browser === undefined) throw new Error("the browser has not been started");
      const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
      onTestFinished(() => context.close());
      context.setDefaultTimeout(pageTimeoutMilliseconds);
      return context.newPage();
    },
  };
}

/** What the browser itself complains of on a page, from now on: violations of the content security policy, failed scripts. */
export function complaintsOn(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    // A page that is itself an error is told of there as well, and nothing is wrong with that.
    const isAboutStatus = message.text().startsWith("Failed to load resource: the server responded with a status of");
    if (["error", "warning"].includes(message.type()) && !isAboutStatus) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return complaints;
}

function findOnPath(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
