import {
  administer,
  authorizationUrl,
  createTenant,
  type Home,
  hiddenFields,
  type Person,
  rawRequest,
  registerClient,
  type Signet,
  signIn,
  startSignet,
  userAgent,
} from "@signet/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applicationHeading, type CallbackServer, startCallbackServer } from "./callback-server.ts";
import { complaintsOn, describeInBrowser, useChromium } from "./chromium.ts";
import { decideOn, press, reach, signInOn } from "./on-page.ts";

const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(2)><h1>Owned</h1></title></style><!--&amp;{{7*7}}`;
const person: Person = { username: "somebody", password: "a password of no importance" };

let signet: Signet;
let application: CallbackServer;
let home: Home & { readonly issuer: string };
beforeAll(async () => {
  signet = await startSignet();
  application = await startCallbackServer();
  home = await createTenant(signet, "hostile");
  await administer(signet, "PATCH", "/hostile", { branding: { name: hostile.slice(0, 100), welcome_text: hostile } });
  await administer(signet, "POST", "/hostile/users", { ...person, claims: { name: hostile } });
});
afterAll(async () => {
  await application.close();
  await signet.stop();
});

const chromium = useChromium();

const newClient = () =>
  registerClient(
    home,
    {
      client_name: hostile,
      redirect_uris: [application.redirectUri],
      scopes: [{ name: "hostile", desc: hostile, fields: ["roles"] }],
    },
    "hostile",
  );

/** What a page must not do, whatever stands on it. */
async function expectHarmless(page: Page): Promise<void> {
  expect(await page.locator("h1").count()).toBe(1);
  expect(await page.locator("img").count()).toBe(0);
  expect(await page.locator("script").allTextContents()).not.toContain("alert(1)");
}

describeInBrowser("text that would be markup", () => {
  test("B6: in the names of a client, its scope, a tenant and a person stands on every page as it is", async () => {
    const page = await chromium.newPage();
    const complaints = complaintsOn(page);
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => dialogs.push(dialog.message()));

    await page.goto(
      authorizationUrl(home.issuer, await newClient(), {
        redirect_uri: application.redirectUri,
        scope: "openid hostile",
        login_hint: hostile.slice(0, 100),
      }),
    );
    await reach(page, "Sign in");
    await expectHarmless(page);
    expect(await page.locator("#client-name").textContent()).toBe(hostile);
    expect(await page.locator("#welcome").textContent()).toBe(hostile);
    expect(await page.locator("header").textContent()).toBe(hostile.slice(0, 100));
    expect(await page.title()).toBe(`Sign in · ${hostile.slice(0, 100)}`);
    expect(await page.getByLabel("Username").inputValue()).toBe(hostile.slice(0, 100));

    await signInOn(page, { username: hostile.slice(0, 100), password: hostile });
    await page.getByRole("alert").waitFor();
    await expectHarmless(page);
    expect(await page.getByLabel("Username").inputValue()).toBe(hostile.slice(0, 100));

    await signInOn(page, person);
    await reach(page, "Allow access");
    await expectHarmless(page);
    expect(await page.locator("#client-name").textContent()).toBe(hostile);
    expect(await page.locator("#user-name").textContent()).toBe(hostile);
    expect(await page.locator('[data-scope="hostile"]').textContent()).toBe(hostile);
    await press(page, "Allow");
    await reach(page, applicationHeading);

    await page.goto(`${home.issuer}/`);
    await reach(page, "You are signed in");
    await expectHarmless(page);
    await press(page, "Sign out");
    await reach(page, "You are signed out");
    await expectHarmless(page);
    await page.goto(authorizationUrl(home.issuer, { client_id: hostile }, { redirect_uri: hostile, state: hostile }));
    await reach(page, "This request cannot be served");
    await expectHarmless(page);
    expect([dialogs, complaints]).toEqual([[], []]);
  });

  test.each([
    ["query", "GET"],
    ["form_post", "POST"],
  ])("B7: in state comes back as it was, with response_mode=%s", async (responseMode, method) => {
    const page = await chromium.newPage();
    const complaints = complaintsOn(page);
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => dialogs.push(dialog.message()));
    const state = `${hostile}${responseMode} +%0d%0a é\u{1f600}`;
    await page.goto(
      authorizationUrl(home.issuer, await newClient(), {
        redirect_uri: application.redirectUri,
        state,
        response_mode: responseMode,
      }),
    );
    await signInOn(page, person);
    await decideOn(page, "Allow");
    await reach(page, applicationHeading);
    const answers = application.calls.filter(({ parameters }) => parameters.state?.endsWith(state.slice(-20)));
    expect(answers).toEqual([{ method, parameters: { code: expect.any(String), state, iss: home.issuer } }]);
    expect([dialogs, complaints]).toEqual([[], []]);
  });

  test("B7: in state comes back with an error as well, and nothing of the request stands in the error's description", async () => {
    const page = await chromium.newPage();
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => dialogs.push(dialog.message()));
    const state = `${hostile} refused`;
    const wrong = { prompt: hostile, scope: hostile, nonce: hostile, response_mode: "form_post" };
    await page.goto(authorizationUrl(home.issuer, await newClient(), { redirect_uri: application.redirectUri, state, ...wrong }));
    await reach(page, applicationHeading);
    const [answer] = application.calls.filter(({ parameters }) => parameters.state === state);
    expect(answer).toMatchObject({ method: "POST", parameters: { error: expect.any(String), iss: home.issuer } });
    expect(answer?.parameters.error_description).not.toMatch(/[<>"]/);
    expect(dialogs).toEqual([]);
  });
});

describe("an address that would be a script", () => {
  test.each(["logo_uri", "client_uri", "policy_uri", "tos_uri"])("B6: is refused as %s", async (member) => {
    for (const address of [
      "javascript:alert(1)",
      "JaVaScRiPt://x/%0aalert(1)",
      "data:text/html,<script>alert(1)</script>",
      "vbscript:x",
      " javascript:alert(1)",
    ]) {
      const reply = await fetch(`${signet.url}/v1/oidc/hostile/registration`, {
        method: "POST",
        headers: { Authorization: `Bearer ${home.registrationToken}`, "Content-Type": "application/json" },
        body: JSON.stringify({ client_name: "Test", redirect_uris: ["https://app.example/callback"], [member]: address }),
      });
      expect([address, reply.status]).toEqual([address, 400]);
    }
  });

  test("B6: is refused as the tenant's logo, and an accent colour that would be a style as well", async () => {
    for (const branding of [
      { logo_uri: "javascript:alert(1)" },
      { accent_color: "red}body{display:none" },
      { accent_color: "url(//evil.example)" },
    ]) {
      const reply = await fetch(`${signet.url}/v1/workplaces/hostile`, {
        method: "PATCH",
        headers: { "X-Auth-Token": signet.adminToken, "Content-Type": "application/json" },
        body: JSON.stringify({ branding }),
      });
      expect([branding, reply.status]).toEqual([branding, 400]);
    }
  });
});

describe("form_post", () => {
  test("B7: has the state in its fields alone, escaped, and one constant script", async () => {
    const agent = userAgent(signet.url);
    const client = await newClient();
    const redirect_uri = application.redirectUri;
    await signIn(agent, await agent.open(authorizationUrl(home.issuer, client, { redirect_uri })), person);
    const [plain, attacked] = await Promise.all(
      ["x", hostile].map((state) =>
        agent.open(authorizationUrl(home.issuer, client, { redirect_uri, state, response_mode: "form_post" })),
      ),
    );
    expect(hiddenFields(attacked?.html ?? "").state).toBe(hostile);
    const scripts = (html = "") => [...html.matchAll(/<script>[^<]*<\/script>/g)].map(([script]) => script);
    expect(scripts(attacked?.html)).toHaveLength(1);
    expect(scripts(attacked?.html)).toEqual(scripts(plain?.html));
    expect(attacked?.headers.get("Content-Security-Policy")).toBe(plain?.headers.get("Content-Security-Policy"));
  });

  test("B7: a line break in state splits no header", async () => {
    const target = authorizationUrl(home.issuer, await newClient(), {
      redirect_uri: application.redirectUri,
      prompt: "none",
      state: "a\r\nSet-Cookie: x=y\r\n\r\n<h1>",
    }).slice(signet.url.length);
    const reply = await rawRequest(signet.url, { target });
    expect(reply.status).toBe(400);
    expect(reply.headers.filter(([name]) => ["set-cookie", "location"].includes(name))).toEqual([]);
    expect(reply.body.startsWith("<!doctype html>")).toBe(true);
  });
});
