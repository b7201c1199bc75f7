import { authorizationUrl, type Person, type RegisteredClient, registerClient, type Signet, startSignet } from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applicationHeading, type CallbackServer, serve, startCallbackServer } from "./callback-server.ts";
import { complaintsOn, describeInBrowser, useChromium } from "./chromium.ts";
import { decideOn, imageWidth, press, reach, signInOn } from "./on-page.ts";

let signet: Signet;
let admin: Person;
let applications: Readonly<Record<"http" | "https", CallbackServer>>;
beforeAll(async () => {
  signet = await startSignet();
  admin = { username: "admin", password: signet.adminPassword };
  applications = { http: await startCallbackServer("http"), https: await startCallbackServer("https") };
});
afterAll(async () => {
  await applications.http.close();
  await applications.https.close();
  await signet.stop();
});

const chromium = useChromium();

const newClient = ({ origin, redirectUri }: CallbackServer) =>
  registerClient(signet, {
    client_name: "Test application",
    redirect_uris: [redirectUri],
    logo_uri: `${origin}/logo.svg`,
    client_uri: `${origin}/`,
    policy_uri: `${origin}/policy`,
    tos_uri: `${origin}/terms`,
  });

describeInBrowser.each(["http", "https"] as const)("an application at an %s address", (scheme) => {
  const requestOf = (client: RegisteredClient, parameters: Readonly<Record<string, string>>) =>
    authorizationUrl(signet.url, client, { redirect_uri: applications[scheme].redirectUri, ...parameters });
  const answersTo = (state: string) => applications[scheme].calls.filter(({ parameters }) => parameters.state === state);

  test("B5: is reached from the form of the consent page and from that of the sign-in page, and the browser has nothing to complain of", async () => {
    const client = await newClient(applications[scheme]);
    for (const state of ["from the consent page", "from the sign-in page"]) {
      const page = await chromium.newPage();
      const complaints = complaintsOn(page);
      await page.goto(requestOf(client, { state }));
      expect(await imageWidth(page, "main img")).toBe(16);
      await signInOn(page, admin);
      if (state === "from the consent page") {
        await reach(page, "Allow access");
        expect(await imageWidth(page, "main img")).toBe(16);
        await press(page, "Allow");
      }
      await reach(page, applicationHeading);
      expect(answersTo(state)).toHaveLength(1);
      expect(complaints).toEqual([]);
    }
  });

  test("B5: gets a refusal from the consent page's form", async () => {
    const page = await chromium.newPage();
    const complaints = complaintsOn(page);
    await page.goto(requestOf(await newClient(applications[scheme]), { state: "refused" }));
    await signInOn(page, admin);
    await decideOn(page, "Deny");
    await reach(page, applicationHeading);
    expect(answersTo("refused")).toEqual([
      { method: "GET", parameters: expect.objectContaining({ error: "access_denied", iss: signet.url }) },
    ]);
    expect(complaints).toEqual([]);
  });

  test.each([
    ["by itself", true],
    ["by its button where JavaScript is off", false],
  ])("gets its answer posted with response_mode=form_post, %s", async (how, javaScriptEnabled) => {
    const page = await chromium.newPage({ javaScriptEnabled });
    const complaints = complaintsOn(page);
    const state = `posted ${how} & "quoted"`;
    await page.goto(requestOf(await newClient(applications[scheme]), { state, response_mode: "form_post" }));
    await signInOn(page, admin);
    await decideOn(page, "Allow");
    if (!javaScriptEnabled) {
      await reach(page, "Continue to the application");
      await page.keyboard.press("Enter");
    }
    await reach(page, applicationHeading);
    expect(page.url()).toBe(applications[scheme].redirectUri);
    const parameters = { code: expect.stringMatching(/^[\w-]{43}$/), state, iss: signet.url };
    expect(answersTo(state)).toEqual([{ method: "POST", parameters }]);
    expect(complaints).toEqual([]);
  });
});

describeInBrowser("an application whose callback sends its user on to another origin", () => {
  test.each(["query", "form_post"])("B5: is not stopped on the way, with response_mode=%s", async (responseMode) => {
    const callback = await serve("http", (request, response) => {
      request.resume();
      response.writeHead(303, { Location: applications.https.redirectUri }).end();
    });
    const redirectUri = `http://localhost:${callback.port}/callback`;
    const client = await registerClient(signet, { redirect_uris: [redirectUri] });
    const page = await chromium.newPage();
    const complaints = complaintsOn(page);
    await page.goto(authorizationUrl(signet.url, client, { redirect_uri: redirectUri, response_mode: responseMode }));
    await signInOn(page, admin);
    await decideOn(page, "Allow");
    await reach(page, applicationHeading);
    expect(page.url()).toBe(applications.https.redirectUri);
    expect(complaints).toEqual([]);
    await callback.close();
  });
});

describeInBrowser("pages without an application", () => {
  test("B5: give the browser nothing to complain of", async () => {
    const page = await chromium.newPage();
    const complaints = complaintsOn(page);
    await page.goto(`${signet.url}/`);
    await signInOn(page, { ...admin, password: "not the password" });
    await page.getByRole("alert").waitFor();
    await signInOn(page, admin);
    await reach(page, "You are signed in");
    await press(page, "Sign out");
    await reach(page, "You are signed out");
    await page.goto(`${signet.url}/oauth2/v1/auth`);
    await reach(page, "This request cannot be served");
    await page.goto(`${signet.url}/nothing/here`);
    await reach(page, "Page not found");
    expect(complaints).toEqual([]);
  });

  test("B5: are shown in no frame of another origin's page", async () => {
    const framed = `${signet.url}/`;
    const attacker = await serve("http", (_request, response) => {
      response
        .setHeader("Content-Type", "text/html")
        .end(`<!doctype html><title>Attack</title><iframe src="${framed}"></iframe>`);
    });
    const page = await chromium.newPage();
    const complaints = complaintsOn(page);
    await page.goto(`http://localhost:${attacker.port}/`);
    expect(page.frames().map((frame) => frame.url())).toEqual([page.url(), "chrome-error://chromewebdata/"]);
    expect(complaints).toEqual([expect.stringContaining("frame-ancestors 'none'")]);
    await attacker.close();
  });
});
