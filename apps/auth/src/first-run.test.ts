import { usernameIdentifier } from "@signet/protocol";
import { expect, test } from "vitest";
import { ensureAdministrator } from "./first-run.ts";
import { Browser, started } from "./testing/browser.ts";
import { type RunningAuth, startAuth } from "./testing/running-auth.ts";

async function maySignIn(running: RunningAuth, password: string): Promise<boolean> {
  const browser = new Browser(running);
  const outcome = await browser.signIn(started(await browser.authorize(running.addClient())), { username: "admin", password });
  return outcome?.$case === "next";
}

async function administrator({ stores, tenant }: RunningAuth, collection = "users") {
  const identifier = usernameIdentifier("admin");
  return identifier && (await stores.users.findByIdentifier(tenant.id, collection, identifier));
}

test("makes the administrator with a random password, which is told once", async () => {
  const running = startAuth();
  const { created, password } = await ensureAdministrator(running.dependencies, running.tenant);
  expect(created).toBe(true);
  expect(password).toMatch(/^[\w-]{24}$/);
  expect(await maySignIn(running, password ?? "")).toBe(true);
  expect(await administrator(running)).toMatchObject({ roles: ["admin"], claims: { name: "Administrator" }, blocked: false });
  expect(await ensureAdministrator(running.dependencies, running.tenant)).toEqual({ created: false });
  expect(await maySignIn(running, password ?? "")).toBe(true);
});

test("makes the administrator with the configured password, which is not told", async () => {
  const running = startAuth();
  expect(await ensureAdministrator(running.dependencies, running.tenant, "configured one")).toEqual({ created: true });
  expect(await maySignIn(running, "configured one")).toBe(true);
});

test("leaves an administrator alone who is there already", async () => {
  const running = startAuth();
  await running.addUser({ username: "admin" });
  expect(await ensureAdministrator(running.dependencies, running.tenant, "configured one")).toEqual({ created: false });
  expect(await maySignIn(running, "configured one")).toBe(false);
});

test("makes the administrator in the collection that may sign in", async () => {
  const running = startAuth();
  const tenant = { ...running.tenant, settings: { ...running.tenant.settings, collection: "staff" } };
  await ensureAdministrator(running.dependencies, tenant);
  expect(await administrator(running, "staff")).toBeDefined();
});

test("refuses a configured password that is too short", async () => {
  const running = startAuth();
  await expect(ensureAdministrator(running.dependencies, running.tenant, "short")).rejects.toMatchObject({ kind: "invalid" });
  expect(await administrator(running)).toBeUndefined();
});
