import { administer, authorizationUrl, createTenant, type Person, registerClient, startSignet } from "@signet/testkit";
import type { Page } from "playwright-core";
import { applicationHeading, type CallbackServer, startCallbackServer } from "./callback-server.ts";
import { decideOn, press, reach, signInOn } from "./on-page.ts";

type Members = Readonly<Record<string, unknown>>;

/** A Signet with a tenant, a person and an application, for tests that look at pages. */
export interface Northwind {
  readonly issuer: string;
  readonly person: Person;
  readonly application: CallbackServer;
  /** Changes what the tenant looks like. */
  brand(branding: Members): Promise<void>;
  /** The address of an authorization request of a new client. */
  newRequest(metadata?: Members, scope?: string): Promise<string>;
  /**
   * Goes through every page, with the names that `metadata` gives the client, and looks at each. The browser has to have JavaScript off: the page
   * that posts itself would not stay.
   */
  visitEveryPage(page: Page, request: string, look: (name: string) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export async function startNorthwind(): Promise<Northwind> {
  const signet = await startSignet();
  const application = await startCallbackServer();
  const tenant = await createTenant(signet, "northwind");
  const { issuer, name } = tenant;
  const person: Person = { username: "ada", password: "a password of no importance" };
  await administer(signet, "POST", `/${name}/users`, { ...person, claims: { name: "Ada Lovelace" } });
  return {
    issuer,
    person,
    application,
    async brand(branding) {
      await administer(signet, "PATCH", `/${name}`, { branding });
    },
    async newRequest(metadata = {}, scope = "openid") {
      const { origin, redirectUri } = application;
      const addresses = { client_uri: `${origin}/`, policy_uri: `${origin}/policy`, tos_uri: `${origin}/terms` };
      const known = { client_name: "Acme Notes", redirect_uris: [redirectUri], ...addresses };
      const client = await registerClient(tenant, { ...known, ...metadata }, name);
      return authorizationUrl(issuer, client, { redirect_uri: redirectUri, scope });
    },
    visitEveryPage: (page, request, look) => visitEveryPage(page, { issuer, person, request }, look),
    async stop() {
      await application.close();
      await signet.stop();
    },
  };
}

interface Visited {
  readonly issuer: string;
  readonly person: Person;
  readonly request: string;
}

async function visitEveryPage(
  page: Page,
  { issuer, person, request }: Visited,
  look: (name: string) => Promise<void>,
): Promise<void> {
  await page.goto(request);
  await reach(page, "Sign in");
  const begun = page.url();
  await look("sign-in");
  await signInOn(page, { ...person, password: "not the password" });
  await page.getByRole("alert").waitFor();
  await look("sign-in with a problem");
  await signInOn(page, person);
  await reach(page, "Allow access");
  await look("consent");
  await decideOn(page, "Allow");
  await reach(page, applicationHeading);
  await page.goto(`${request}&prompt=select_account`);
  await reach(page, "Choose an account");
  await look("select-account");
  await page.goto(begun);
  await reach(page, "This page has expired");
  await look("expired");
  await page.goto(`${issuer}/`);
  await reach(page, "You are signed in");
  await look("signed-in");
  await page.goto(`${request}&response_type=code`);
  await reach(page, "This request cannot be served");
  await look("error");
  await page.goto(`${request}&response_mode=form_post`);
  await reach(page, "Continue to the application");
  await look("form_post");
  await page.goto(`${issuer}/oauth2/v1/logout`);
  await reach(page, "Sign out?");
  await look("sign-out");
  await page.goto(`${issuer}/`);
  await press(page, "Sign out");
  await reach(page, "You are signed out");
  await look("signed-out");
}
