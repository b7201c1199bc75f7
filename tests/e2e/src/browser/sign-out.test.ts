import { authorizationUrl, createTenant, createUser, registerClient, type Signet, startSignet } from "@signet/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applicationHeading, serve } from "./callback-server.ts";
import { complaintsOn, describeInBrowser, useChromium } from "./chromium.ts";
import { decideOn, press, reach, signInOn } from "./on-page.ts";

/** An application whose page at `/logout` notes that it was framed; at `/hangs` nothing ever comes. */
interface FramedApplication {
  readonly origin: string;
  readonly framed: string[];
  close(): Promise<void>;
}

async function startApplication(): Promise<FramedApplication> {
  const framed: string[] = [];
  const { port, close } = await serve("http", (request, response) => {
    const url = request.url ?? "/";
    if (url.startsWith("/hangs")) return void framed.push(url);
    if (url.startsWith("/logout")) framed.push(url);
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(
      `<!doctype html><html lang="en"><title>Application</title><link rel="icon" href="data:,"><h1>${applicationHeading}</h1>`,
    );
  });
  return { origin: `http://localhost:${port}`, framed, close };
}

let signet: Signet;
let application: FramedApplication;
let home: Awaited<ReturnType<typeof createTenant<Signet>>>;
let person: Awaited<ReturnType<typeof createUser>>;
beforeAll(async () => {
  signet = await startSignet();
  application = await startApplication();
  home = await createTenant(signet, "sign-out-pages");
  person = await createUser(home, "ada");
});
afterAll(async () => {
  await signet.stop();
  await application.close();
});

const chromium = useChromium();

/** Signs in to a client with a front-channel logout at the path; gives where the browser is then to be sent to sign out. */
async function signIn(page: Page, path: string): Promise<string> {
  const { origin } = application;
  const redirect_uri = `${origin}/callback`;
  const metadata = {
    client_name: "Acme Notes",
    redirect_uris: [redirect_uri],
    post_logout_redirect_uris: [`${origin}/bye`],
    frontchannel_logout_uri: `${origin}${path}`,
  };
  const client = await registerClient(home, metadata, home.name);
  await page.goto(authorizationUrl(home.issuer, client, { redirect_uri }));
  await signInOn(page, person);
  await decideOn(page, "Allow");
  await reach(page, applicationHeading);
  const parameters = new URLSearchParams({ client_id: client.client_id, post_logout_redirect_uri: `${origin}/bye`, state: "s" });
  return `${home.issuer}/oauth2/v1/logout?${parameters}`;
}

describeInBrowser("a sign-out that an application asks for", () => {
  test.each([true, false])(
    "asks, loads the application's frame, and goes back to it, with JavaScript %s",
    async (javaScriptEnabled) => {
      const page = await chromium.newPage({ javaScriptEnabled });
      const complaints = complaintsOn(page);
      const logout = await signIn(page, "/logout");
      const before = application.framed.length;
      await page.goto(logout);
      await reach(page, "Sign out?");
      expect(await page.locator("#client-name").textContent()).toBe("Acme Notes");
      await press(page, "Sign out");
      await reach(page, applicationHeading);
      expect(page.url()).toBe(`${application.origin}/bye?state=s`);
      expect(application.framed.slice(before)).toEqual([
        `/logout?iss=${encodeURIComponent(home.issuer)}&sid=${application.framed.at(-1)?.slice(-32)}`,
      ]);
      expect(complaints).toEqual([]);
    },
  );

  test("X23: a frame that hangs keeps nobody, and the link goes on at once", async () => {
    const page = await chromium.newPage({ javaScriptEnabled: false });
    await page.goto(await signIn(page, "/hangs"));
    await page.getByRole("button", { name: "Sign out", exact: true }).click({ noWaitAfter: true });
    await reach(page, "You are signed out");
    await page.getByRole("link", { name: "Continue to Acme Notes" }).click();
    await reach(page, applicationHeading);
    expect(page.url()).toBe(`${application.origin}/bye?state=s`);
  });

  test("B5: the question is not shown in a frame of another site", async () => {
    const page = await chromium.newPage();
    const logout = await signIn(page, "/logout");
    const reply = await page.goto(logout);
    expect(reply?.headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
  });
});
