import {
  authorizationUrl,
  hiddenFields,
  newApplication,
  type Person,
  type Signet,
  startSignet,
  userAgent,
  type Visit,
} from "@signet/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "./callback-server.ts";
import { describeInBrowser, useChromium } from "./chromium.ts";
import { reach, signInOn } from "./on-page.ts";

let signet: Signet;
let admin: Person;
beforeAll(async () => {
  signet = await startSignet();
  admin = { username: "admin", password: signet.adminPassword };
});
afterAll(() => signet.stop());

/** Another site than Signet's: what it posts comes without the cookies that are SameSite=Lax. */
const otherSite = "another-site.test";
const chromium = useChromium({ hosts: () => new Map([[otherSite, "localhost"]]) });

/** What an attacker prepared in a browser of theirs: a sign-in in progress, or a consent that only waits for its answer. */
async function prepared(step: "sign-in" | "consent") {
  const { agent, client } = await newApplication(signet);
  const page = await agent.open(authorizationUrl(signet.url, client));
  return { agent, client, visit: step === "sign-in" ? page : await agent.submit(page, { ...admin }) };
}

/**
 * Has the victim's browser send the attacker's form from the attacker's page. That is on the same site as Signet, because ports do not count:
 * SameSite does not help here.
 */
async function lureInto(page: Page, visit: Visit, fields: Readonly<Record<string, string>>): Promise<void> {
  const inputs = Object.entries({ ...hiddenFields(visit.html), ...fields }).map(
    ([name, value]) => `<input name="${name}" value="${value}">`,
  );
  const attacker = await serve("http", (_request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(
      `<!doctype html><form method="post" action="${visit.url}">${inputs.join("")}<button>You have won</button></form>`,
    );
  });
  await page.goto(`http://localhost:${attacker.port}/`);
  await page.getByRole("button").click();
  await reach(page, "This page has expired");
  await attacker.close();
}

const sessionsOf = async (page: Page) =>
  (await page.context().cookies()).filter(({ name }) => name.startsWith("signet_session_"));

describeInBrowser("a victim who is lured", () => {
  test.each(["sign-in", "consent"] as const)(
    "B2: to the link of an attacker's %s sees that it has expired, and no form",
    async (step) => {
      const { visit } = await prepared(step);
      const page = await chromium.newPage();
      await page.goto(`${signet.url}/`);
      await signInOn(page, admin);
      await reach(page, "You are signed in");
      const reply = await page.goto(visit.url);
      expect(reply?.status()).toBe(404);
      await reach(page, "This page has expired");
      expect(await page.locator("form").count()).toBe(0);
    },
  );

  test("B2: into sending an attacker's sign-in form is not signed in as the attacker", async () => {
    const page = await chromium.newPage();
    await lureInto(page, (await prepared("sign-in")).visit, { ...admin });
    expect(await sessionsOf(page)).toEqual([]);
  });

  test("B2: into sending an attacker's sign-in form keeps the session of their own", async () => {
    const page = await chromium.newPage();
    await page.goto(`${signet.url}/`);
    await signInOn(page, admin);
    await reach(page, "You are signed in");
    const before = await sessionsOf(page);
    await lureInto(page, (await prepared("sign-in")).visit, { ...admin });
    expect(await sessionsOf(page)).toEqual(before);
  });

  test("B2: into sending an attacker's consent form allows nothing", async () => {
    const { agent, client, visit } = await prepared("consent");
    const page = await chromium.newPage();
    await page.goto(`${signet.url}/`);
    await signInOn(page, admin);
    await reach(page, "You are signed in");
    await lureInto(page, visit, { decision: "allow" });
    const asked = await agent.open(authorizationUrl(signet.url, client, { prompt: "none" }));
    expect(asked.callback?.searchParams.get("error")).toBe("consent_required");
  });

  test.each(["localhost", otherSite])("B8: into sending a sign-out form from %s stays signed in", async (host) => {
    const page = await chromium.newPage();
    await page.goto(`${signet.url}/`);
    await signInOn(page, admin);
    await reach(page, "You are signed in");
    const tab = await page.context().newPage();
    const attacker = await serve("http", (_request, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end(
        `<!doctype html><form method="post" action="${signet.url}/sign-out"><input name="csrf_token" value="x"><button>You have won</button></form>`,
      );
    });
    await tab.goto(`http://${host}:${attacker.port}/`);
    await tab.getByRole("button").click();
    await tab.waitForURL(`${signet.url}/**`);
    await page.reload();
    await reach(page, "You are signed in");
    await attacker.close();
  });

  test("B2: by the id of their own interaction in a form without its token is signed in as nobody else", async () => {
    const page = await chromium.newPage();
    await page.goto(`${signet.url}/`);
    await reach(page, "Sign in");
    const own = page.url();
    const tab = await page.context().newPage();
    const attacker = await serve("http", (_request, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end(
        `<!doctype html><form method="post" action="${own}"><input name="username" value="admin"><button>You have won</button></form>`,
      );
    });
    await tab.goto(`http://localhost:${attacker.port}/`);
    await tab.getByRole("button").click();
    await tab.getByRole("alert").waitFor();
    expect(await tab.getByRole("alert").textContent()).toBe("This page had expired. Please sign in again.");
    expect(await tab.getByLabel("Username").inputValue()).toBe("");
    expect(await sessionsOf(page)).toEqual([]);
    await attacker.close();
  });

  test("B2: cannot be given the attacker's cookie's worth by its id: the secret is the browser's", async () => {
    const { visit } = await prepared("sign-in");
    const id = visit.url.split("/").at(-1);
    const stranger = userAgent(signet.url, new Map([[`signet_interaction_${id}`, `${id}.${"A".repeat(43)}`]]));
    const page = await stranger.open(visit.url);
    expect([page.status, page.heading]).toEqual([404, "This page has expired"]);
  });
});
