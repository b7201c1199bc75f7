import { expect, test } from "vitest";
import { Browser } from "../testing/browser.ts";
import { startAuth } from "../testing/running-auth.ts";

async function signedIn() {
  const running = startAuth();
  const user = await running.addUser();
  const client = running.addClient();
  const browser = new Browser(running);
  await browser.complete(client);
  const whoAmI = (tenant = "default") => running.auth.getSession({ tenant, session: browser.session });
  return { ...running, user, browser, client, whoAmI };
}

const nobody = { user: undefined };

test("GetSession tells who is signed in", async () => {
  const { whoAmI } = await signedIn();
  expect(await whoAmI()).toEqual({ user: { username: "ann", name: "Ann Example" } });
});

test("nobody is signed in at another tenant, or by a value that is no session's", async () => {
  const { whoAmI, addTenant, auth } = await signedIn();
  addTenant("other");
  expect(await whoAmI("other")).toEqual(nobody);
  for (const session of ["", "x", "x".repeat(43)]) expect(await auth.getSession({ tenant: "default", session })).toEqual(nobody);
});

test("nobody is signed in once the user is blocked", async () => {
  const { whoAmI, stores, user } = await signedIn();
  await stores.users.replace({ ...user, blocked: true, version: 2 });
  expect(await whoAmI()).toEqual(nobody);
});

test("EndSession ends the session, and may be called again or without one", async () => {
  const { whoAmI, auth, browser } = await signedIn();
  for (const session of ["", "x", browser.session, browser.session]) await auth.endSession({ tenant: "default", session });
  expect(await whoAmI()).toEqual(nobody);
});

test("T3: another tenant does not end it", async () => {
  const { whoAmI, addTenant, auth, browser } = await signedIn();
  addTenant("other");
  await auth.endSession({ tenant: "other", session: browser.session });
  expect((await whoAmI()).user?.username).toBe("ann");
});
