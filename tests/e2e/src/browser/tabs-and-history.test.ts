import {
  authorizationUrl,
  createUser,
  type Person,
  type RegisteredClient,
  registerClient,
  type Signet,
  startSignet,
} from "@signet/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applicationHeading, type CallbackServer, startCallbackServer } from "./callback-server.ts";
import { describeInBrowser, useChromium } from "./chromium.ts";
import { decideOn, press, reach, signInOn } from "./on-page.ts";

let signet: Signet;
let application: CallbackServer;
let admin: Person;
beforeAll(async () => {
  signet = await startSignet();
  application = await startCallbackServer();
  admin = { username: "admin", password: signet.adminPassword };
});
afterAll(async () => {
  await application.close();
  await signet.stop();
});

const chromium = useChromium();

/** A client that nobody has allowed anything yet. */
const newClient = (name = "Test application") =>
  registerClient(signet, { client_name: name, redirect_uris: [application.redirectUri] });
const requestOf = (client: RegisteredClient, state: string) =>
  authorizationUrl(signet.url, client, { redirect_uri: application.redirectUri, state });
/** The answers to the request with this state, as the application got them. */
const answersTo = (state: string) => application.calls.filter(({ parameters }) => parameters.state === state);
const aCode = expect.objectContaining({ code: expect.stringMatching(/^[\w-]{43}$/) });

describeInBrowser("two tabs with a sign-in each", () => {
  test.each([
    ["in the order in which they began", [0, 1] as const],
    ["in the other order", [1, 0] as const],
  ])("finish one after the other, %s", async (name, order) => {
    const first = await chromium.newPage();
    const tabs = [first, await first.context().newPage()] as const;
    const clients = [await newClient("First application"), await newClient("Second application")] as const;
    const stateOf = (index: number) => `${name} ${index}`;
    for (const index of [0, 1] as const) await tabs[index].goto(requestOf(clients[index], stateOf(index)));
    for (const index of order) {
      await signInOn(tabs[index], admin);
      await decideOn(tabs[index], "Allow");
      await reach(tabs[index], applicationHeading);
    }
    for (const index of order) expect(answersTo(stateOf(index))).toEqual([{ method: "GET", parameters: aCode }]);
  });

  test("may be signed in both before either agrees", async () => {
    const first = await chromium.newPage();
    const second = await first.context().newPage();
    await first.goto(requestOf(await newClient(), "crossed 1"));
    await second.goto(requestOf(await newClient(), "crossed 2"));
    await signInOn(first, admin);
    await reach(first, "Allow access");
    await signInOn(second, admin);
    await decideOn(second, "Allow");
    await reach(second, applicationHeading);
    await decideOn(first, "Allow");
    await reach(first, applicationHeading);
    for (const state of ["crossed 1", "crossed 2"]) expect(answersTo(state)).toEqual([{ method: "GET", parameters: aCode }]);
  });

  test("never agree for one another: when somebody else signs in in the second, the first asks for a sign-in again", async () => {
    const other = await createUser(signet, "another-person");
    const first = await chromium.newPage();
    const second = await first.context().newPage();
    await first.goto(requestOf(await newClient(), "one person"));
    await second.goto(requestOf(await newClient(), "another person"));
    await signInOn(first, admin);
    await reach(first, "Allow access");
    await signInOn(second, other);
    await reach(second, "Allow access");
    await press(first, "Allow");
    await signInOn(first, admin);
    expect(await first.locator("#user-username").textContent()).toBe("admin");
    await decideOn(first, "Allow");
    await reach(first, applicationHeading);
    expect(answersTo("one person")).toEqual([{ method: "GET", parameters: aCode }]);
    expect(answersTo("another person")).toEqual([]);
  });
});

describeInBrowser("going back and reloading", () => {
  test("after the end leads to a page that says so, and answers the application no second time", async () => {
    const page = await chromium.newPage();
    await page.goto(requestOf(await newClient(), "back"));
    const signInAddress = page.url();
    await signInOn(page, admin);
    await decideOn(page, "Allow");
    await reach(page, applicationHeading);

    await page.goBack();
    await reach(page, "This page has expired");
    await page.reload();
    await reach(page, "This page has expired");
    await page.goto(signInAddress);
    await reach(page, "This page has expired");
    expect(answersTo("back")).toHaveLength(1);
  });

  test("in between shows the step that the sign-in is at", async () => {
    const page = await chromium.newPage();
    await page.goto(requestOf(await newClient(), "reload"));
    await page.reload();
    await signInOn(page, admin);
    await reach(page, "Allow access");
    await page.reload();
    await reach(page, "Allow access");
    await page.goBack();
    await reach(page, "Allow access");
    await press(page, "Allow");
    await reach(page, applicationHeading);
    expect(answersTo("reload")).toHaveLength(1);
  });

  test("after a wrong password sends it once more, and nothing else", async () => {
    const page = await chromium.newPage();
    await page.goto(requestOf(await newClient(), "wrong"));
    await signInOn(page, { ...admin, password: "not the password" });
    await page.getByRole("alert").waitFor();
    await page.reload();
    expect(await page.getByRole("alert").textContent()).toBe("The username or the password is wrong.");
    expect(await page.getByLabel("Username").inputValue()).toBe("admin");
    expect(await page.getByLabel("Password").inputValue()).toBe("");
    await page.getByLabel("Password").fill(admin.password);
    await press(page, "Sign in");
    await decideOn(page, "Allow");
    await reach(page, applicationHeading);
    expect(answersTo("wrong")).toHaveLength(1);
  });
});

describeInBrowser("a double click", () => {
  /** Presses the button twice before the first answer is there; the forms that the browser sent. */
  async function pressTwice(page: Page, button: string): Promise<readonly string[]> {
    const sent: string[] = [];
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    await page.route(`${signet.url}/**`, async (route) => {
      if (route.request().method() === "POST") sent.push(route.request().url());
      first.resolve();
      await second.promise;
      await route.continue().catch(() => undefined);
    });
    const box = await page.getByRole("button", { name: button, exact: true }).boundingBox();
    const { x, y, width, height } = box ?? expect.unreachable(`there is no button ${button}`);
    await page.mouse.click(x + width / 2, y + height / 2);
    await first.promise;
    await page.mouse.click(x + width / 2, y + height / 2);
    second.resolve();
    return sent;
  }

  test("on Allow agrees once", async () => {
    const page = await chromium.newPage();
    await page.goto(requestOf(await newClient(), "allow twice"));
    await signInOn(page, admin);
    await reach(page, "Allow access");
    const consentAddress = page.url();
    const sent = await pressTwice(page, "Allow");
    await reach(page, applicationHeading);
    expect(sent).toEqual([consentAddress]);
    expect(answersTo("allow twice")).toHaveLength(1);
  });

  test("on Sign in signs in once", async () => {
    const client = await newClient();
    const allowing = await chromium.newPage();
    await allowing.goto(requestOf(client, "allowed"));
    await signInOn(allowing, admin);
    await decideOn(allowing, "Allow");
    await reach(allowing, applicationHeading);

    const page = await chromium.newPage();
    await page.goto(requestOf(client, "sign in twice"));
    const signInAddress = page.url();
    await page.getByLabel("Username").fill(admin.username);
    await page.getByLabel("Password").fill(admin.password);
    const sent = await pressTwice(page, "Sign in");
    await reach(page, applicationHeading);
    expect(sent).toEqual([signInAddress]);
    expect(answersTo("sign in twice")).toHaveLength(1);
  });
});

describeInBrowser("the person who is asked", () => {
  test("may deny, which the application is told, and is asked again the next time", async () => {
    const client = await newClient();
    const page = await chromium.newPage();
    await page.goto(requestOf(client, "denied"));
    await signInOn(page, admin);
    await decideOn(page, "Deny");
    await reach(page, applicationHeading);
    const denied = { error: "access_denied", error_description: expect.any(String), state: "denied", iss: signet.url };
    expect(answersTo("denied")).toEqual([{ method: "GET", parameters: denied }]);
    await page.goto(requestOf(client, "asked again"));
    await reach(page, "Allow access");
  });

  test("and signed out in another tab signs in again before they agree", async () => {
    const page = await chromium.newPage();
    await page.goto(requestOf(await newClient(), "signed out meanwhile"));
    await signInOn(page, admin);
    await reach(page, "Allow access");
    const other = await page.context().newPage();
    await other.goto(`${signet.url}/`);
    await press(other, "Sign out");
    await reach(other, "You are signed out");
    await press(page, "Allow");
    await signInOn(page, admin);
    await decideOn(page, "Allow");
    await reach(page, applicationHeading);
    expect(answersTo("signed out meanwhile")).toEqual([{ method: "GET", parameters: aCode }]);
  });
});
