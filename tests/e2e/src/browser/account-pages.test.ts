import { createTenant, createUser, type Home, type Person, type Signet, startSignet } from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { complaintsOn, describeInBrowser, useChromium } from "./chromium.ts";
import { press, reach, signInOn } from "./on-page.ts";

let signet: Signet;
let other: Home & { readonly issuer: string };
let homes: Readonly<Record<string, { readonly issuer: string; readonly person: Person }>>;
beforeAll(async () => {
  signet = await startSignet();
  other = await createTenant(signet, "account-other");
  homes = {
    default: { issuer: signet.url, person: { username: "admin", password: signet.adminPassword } },
    other: { issuer: other.issuer, person: await createUser(other, "somebody", { email: "somebody@example.com" }) },
  };
});
afterAll(() => signet.stop());

const chromium = useChromium();
const homeOf = (name: string) => homes[name] ?? expect.unreachable(`there is no tenant ${name}`);

describeInBrowser.each([
  ["default", true],
  ["other", true],
  ["other", false],
])("at the start page of the tenant %s, with JavaScript: %s", (name, javaScriptEnabled) => {
  test("a person signs in without an application, is told so, and signs out", async () => {
    const { issuer, person } = homeOf(name);
    const page = await chromium.newPage({ javaScriptEnabled });
    const complaints = complaintsOn(page);
    await page.goto(`${issuer}/`);
    await signInOn(page, person);
    await reach(page, "You are signed in");
    expect(page.url()).toBe(`${issuer}/signed-in`);
    expect(await page.getByRole("main").textContent()).toContain(person.username);
    await page.reload();
    await reach(page, "You are signed in");
    await page.goto(`${issuer}/`);
    await reach(page, "You are signed in");

    await press(page, "Sign out");
    await reach(page, "You are signed out");
    expect(page.url()).toBe(`${issuer}/signed-out`);
    await page.reload();
    await reach(page, "You are signed out");
    await page.goto(`${issuer}/signed-in`);
    await reach(page, "Sign in");
    await page.goBack();
    await page.getByRole("link", { name: "Sign in again" }).click();
    await reach(page, "Sign in");
    expect(complaints).toEqual([]);
  });
});

describeInBrowser("the sign-in form", () => {
  test("takes an email address for a username, in any case", async () => {
    const { issuer, person } = homeOf("other");
    const page = await chromium.newPage();
    await page.goto(`${issuer}/`);
    await signInOn(page, { ...person, username: "Somebody@Example.com" });
    await reach(page, "You are signed in");
  });

  test("says the same of a wrong password, an unknown person, and one of another tenant", async () => {
    const { issuer, person } = homeOf("other");
    const page = await chromium.newPage();
    await page.goto(`${issuer}/`);
    const wrong = [
      { ...person, password: "not the password" },
      { ...person, username: "nobody" },
      { username: "admin", password: signet.adminPassword },
    ];
    const snapshots: string[] = [];
    for (const credentials of wrong) {
      await signInOn(page, credentials);
      await page.getByRole("alert").waitFor();
      await page.getByLabel("Username").fill("");
      snapshots.push(await page.getByRole("main").ariaSnapshot());
      await page.reload();
    }
    expect(new Set(snapshots).size).toBe(1);
    await signInOn(page, person);
    await reach(page, "You are signed in");
  });

  test("in two windows that were signed out in one is signed out in the other, without an error", async () => {
    const { issuer, person } = homeOf("default");
    const page = await chromium.newPage();
    await page.goto(`${issuer}/`);
    await signInOn(page, person);
    await reach(page, "You are signed in");
    const second = await page.context().newPage();
    await second.goto(`${issuer}/`);
    await press(page, "Sign out");
    await reach(page, "You are signed out");
    await press(second, "Sign out");
    await reach(second, "You are signed out");
  });
});
