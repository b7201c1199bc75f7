import { auth } from "@signet/contracts";
import { expect, test } from "vitest";
import { Browser, started } from "../testing/browser.ts";
import { startAuth } from "../testing/running-auth.ts";

const logoUri = "https://app.example/logo.png";
const clientUri = "https://app.example";
const policyUri = "https://app.example/privacy";
const tosUri = "https://app.example/terms";

test("the sign-in page shows the tenant, the application and the hint, and nobody's data", async () => {
  const running = startAuth();
  const client = running.addClient({ clientName: "The <b>app</b>", logoUri, clientUri, policyUri, tosUri });
  const browser = new Browser(running);
  const interaction = started(await browser.authorize(client, { login_hint: "ann@app.example" }));
  expect(await browser.page(interaction)).toEqual({
    step: auth.Step.SIGN_IN,
    branding: { name: "The tenant default", accentColor: "#123456", logoUri: undefined, welcomeText: undefined },
    application: { name: "The <b>app</b>", logoUri, clientUri, policyUri, tosUri, unreviewed: false },
    loginHint: "ann@app.example",
    user: undefined,
    scopes: [],
    claims: [],
    redirectTarget: "https://app.example",
  });
});

test("the consent page shows who is signed in, and all scopes of the request in words", async () => {
  const running = startAuth();
  await running.addUser();
  const client = running.addClient({
    grantTypes: ["authorization_code", "refresh_token"],
    scope: "openid profile email address phone offline_access reports:read",
    scopes: [{ name: "roles", description: "User roles", fields: ["roles"] }],
  });
  const browser = new Browser(running);
  await browser.complete(client);
  const scope = "openid profile email address phone offline_access roles reports:read unknown";
  const page = await browser.page(started(await browser.authorize(client, { scope })));
  expect(page).toMatchObject({ step: auth.Step.CONSENT, user: { username: "ann", name: "Ann Example" } });
  expect(page.scopes.map(({ name }) => name)).toEqual(scope.split(" ").slice(0, -1));
  const descriptions = new Map(page.scopes.map(({ name, description }) => [name, description]));
  expect(descriptions.get("roles")).toBe("User roles");
  expect(descriptions.get("reports:read")).toBe("");
  for (const name of ["openid", "profile", "email", "address", "phone", "offline_access"]) {
    expect(descriptions.get(name)).toMatch(/^[A-Z].{15,}$/);
  }
});

test("a user without a name is known by the username", async () => {
  const running = startAuth();
  await running.addUser({ claims: {} });
  const browser = new Browser(running);
  const interaction = started(await browser.authorize(running.addClient()));
  await browser.signIn(interaction);
  expect((await browser.page(interaction)).user).toEqual({ username: "ann", name: "" });
});

test.each([
  ["https://app.example:8443/cb", "web", "https://app.example:8443"],
  ["com.example.app:/cb", "native", "com.example.app:"],
])("an application without a name, at %s, is known by where the browser goes", async (redirectUri, applicationType, target) => {
  const running = startAuth();
  const client = running.addClient({ clientName: "", redirectUris: [redirectUri], applicationType });
  const browser = new Browser(running);
  const page = await browser.page(started(await browser.authorize(client)));
  expect([page.application?.name, page.redirectTarget]).toEqual([target, target]);
});
