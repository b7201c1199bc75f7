import {
  administer,
  authorizationUrl,
  createTenant,
  type Home,
  newPkce,
  type Person,
  registerClient,
  type Signet,
  startSignet,
  tokenRequest,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applicationHeading, type CallbackServer, startCallbackServer } from "./callback-server.ts";
import { complaintsOn, describeInBrowser, useChromium } from "./chromium.ts";
import { imageWidth, press, reach, signInOn, styleOf } from "./on-page.ts";

const person: Person = { username: "ada", password: "a password of no importance" };
const accent = "#b4471f";

let signet: Signet;
let application: CallbackServer;
let home: Home & { readonly issuer: string };
beforeAll(async () => {
  signet = await startSignet();
  application = await startCallbackServer();
  home = await createTenant(signet, "northwind");
  await administer(signet, "PATCH", "/northwind", {
    branding: {
      name: "Northwind Traders",
      accent_color: accent,
      welcome_text: "Welcome to Northwind",
      logo_uri: `${application.origin}/logo.svg`,
    },
  });
  await administer(signet, "POST", "/northwind/users", {
    ...person,
    claims: { name: "Ada Lovelace" },
    roles: ["engineer"],
    attributes: { desk: 7, floor: { number: 3 } },
  });
});
afterAll(async () => {
  await application.close();
  await signet.stop();
});

const chromium = useChromium();

const newClient = (metadata: Readonly<Record<string, unknown>> = {}) =>
  registerClient(
    home,
    {
      client_name: "Acme Notes",
      redirect_uris: [application.redirectUri],
      logo_uri: `${application.origin}/logo.svg`,
      client_uri: `${application.origin}/`,
      policy_uri: `${application.origin}/policy`,
      tos_uri: `${application.origin}/terms`,
      scopes: [{ name: "workplace", desc: "See where in the building you work", fields: ["desk", "floor", "roles"] }],
      ...metadata,
    },
    "northwind",
  );

describeInBrowser("the consent page", () => {
  test("says in words what a custom scope is, whose fields the application then gets from userinfo", async () => {
    const client = await newClient();
    const pkce = newPkce();
    const page = await chromium.newPage();
    const parameters = {
      redirect_uri: application.redirectUri,
      scope: "openid workplace offline_access",
      state: "custom scope",
      code_challenge: pkce.challenge,
      code_challenge_method: "S256",
    };
    await page.goto(authorizationUrl(home.issuer, client, parameters));
    await signInOn(page, person);
    await reach(page, "Allow access");
    expect(await page.getByRole("list").getByRole("listitem").allTextContents()).toEqual([
      "Know who you are: recognise you by an identifier each time you sign in",
      "See where in the building you work",
      "Keep this access while you are not there, until you or an administrator end it",
    ]);
    await press(page, "Allow");
    await reach(page, applicationHeading);

    const answer = application.calls.find(({ parameters: { state } }) => state === "custom scope");
    const code = answer?.parameters.code ?? "";
    const redemption = {
      grant_type: "authorization_code",
      code,
      redirect_uri: application.redirectUri,
      code_verifier: pkce.verifier,
    };
    const { access_token } = await tokensOf(await tokenRequest(home.issuer, client, redemption));
    const claims = await (await userinfo(home.issuer, access_token)).json();
    expect(claims).toEqual({ sub: expect.any(String), desk: 7, floor: { number: 3 }, roles: ["engineer"] });
  });

  test("shows the client's name, logo and links, and who is signed in where", async () => {
    const page = await chromium.newPage();
    const complaints = complaintsOn(page);
    await page.goto(
      authorizationUrl(home.issuer, await newClient(), { redirect_uri: application.redirectUri, prompt: "consent" }),
    );
    const links = async () => {
      const found = await page.getByRole("link").all();
      return Promise.all(
        found.map(async (link) => [await link.textContent(), await link.getAttribute("href"), await link.getAttribute("rel")]),
      );
    };
    const policy = ["Privacy policy (opens in a new tab)", `${application.origin}/policy`, "noopener noreferrer"];
    const terms = ["Terms of service (opens in a new tab)", `${application.origin}/terms`, "noopener noreferrer"];
    await reach(page, "Sign in");
    expect(await page.getByRole("main").textContent()).toContain("to continue to Acme Notes");
    expect(await links()).toEqual([policy, terms]);
    expect(await page.locator("main img").getAttribute("src")).toBe(`${application.origin}/logo.svg`);

    await signInOn(page, person);
    await reach(page, "Allow access");
    expect(await links()).toEqual([
      ["Acme Notes (opens in a new tab)", `${application.origin}/`, "noopener noreferrer"],
      policy,
      terms,
    ]);
    expect(await page.getByRole("main").textContent()).toContain("wants to use your Northwind Traders account.");
    expect(await page.locator("#user-name").textContent()).toBe("Ada Lovelace");
    expect(await page.locator("#user-username").textContent()).toBe("ada");
    expect(await page.locator("main img").getAttribute("src")).toBe(`${application.origin}/logo.svg`);
    expect(complaints).toEqual([]);
  });

  test("knows a client without a name by where the browser goes", async () => {
    const page = await chromium.newPage();
    const client = await newClient({ client_name: undefined, logo_uri: undefined });
    await page.goto(authorizationUrl(home.issuer, client, { redirect_uri: application.redirectUri }));
    expect(await page.locator("#client-name").textContent()).toBe(application.origin);
  });
});

describeInBrowser("the tenant's branding", () => {
  test("gives each of its pages the name, the logo and the accent colour, and leaves other tenants' pages alone", async () => {
    const page = await chromium.newPage({ colorScheme: "light" });
    const complaints = complaintsOn(page);
    const expectBrand = async (title: string) => {
      await reach(page, title);
      expect(await page.title()).toBe(`${title} · Northwind Traders`);
      expect(await page.getByRole("banner").textContent()).toBe("Northwind Traders");
      expect(await imageWidth(page, "header img")).toBe(16);
    };
    await page.goto(`${home.issuer}/`);
    await expectBrand("Sign in");
    expect(await page.locator("#welcome").textContent()).toBe("Welcome to Northwind");
    expect(await styleOf(page, "#submit", "background-color")).toBe("rgb(180, 71, 31)");
    await signInOn(page, person);
    await expectBrand("You are signed in");
    await press(page, "Sign out");
    await expectBrand("You are signed out");
    await page.goto(`${home.issuer}/oauth2/v1/auth?client_id=nobody`);
    await expectBrand("This request cannot be served");
    await page.goto(authorizationUrl(home.issuer, await newClient(), { redirect_uri: application.redirectUri }));
    await signInOn(page, person);
    await expectBrand("Allow access");
    expect(await styleOf(page, "#allow", "background-color")).toBe("rgb(180, 71, 31)");

    await page.goto(`${signet.url}/`);
    await reach(page, "Sign in");
    expect(await page.title()).toBe("Sign in · Signet");
    expect(await styleOf(page, "#submit", "background-color")).toBe("rgb(35, 65, 159)");
    expect(await page.locator("img").count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
