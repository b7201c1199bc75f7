import { auth } from "@signet/contracts";
import { hashDatedSecret, hashSecret } from "@signet/protocol";
import { expect, test } from "vitest";
import { onClientDeleted, onTenantDeleted } from "./deletions.ts";
import { Browser, started } from "./testing/browser.ts";
import { startAuth } from "./testing/running-auth.ts";

/** A browser that signed in at the tenant and holds a code, and another interaction that has yet to end. */
async function lifeAt(running: ReturnType<typeof startAuth>, tenant = running.tenant) {
  const user = await running.addUser({ tenantId: tenant.id });
  const client = running.addClient({}, tenant);
  const browser = new Browser(running, tenant);
  const { code = "" } = await browser.complete(client);
  const interaction = started(await browser.authorize(client, { prompt: "login" }));
  const now = running.now();
  /** What of all this the stores still have. */
  const left = async () => ({
    user: (await running.stores.users.find(tenant.id, user.id)) !== undefined,
    session: (await running.stores.sessions.find(tenant.id, hashSecret(browser.session), now)) !== undefined,
    consent: await running.stores.consents.find(tenant.id, user.id, client.id),
    interaction: await browser.page(interaction).then(
      () => true,
      () => false,
    ),
    code: (await running.stores.codes.consume(tenant.id, hashDatedSecret(code), now)).kind,
  });
  return { user, client, browser, left };
}

test("nothing of a deleted tenant is left, and another tenant keeps all it has", async () => {
  const running = startAuth();
  const other = running.addTenant("other");
  const [gone, kept] = [await lifeAt(running), await lifeAt(running, other)];
  const forget = onTenantDeleted(running);
  await forget(running.tenant.id);
  await forget(running.tenant.id);
  expect(await gone.left()).toEqual({ user: false, session: false, consent: [], interaction: false, code: "unknown" });
  expect(await kept.left()).toEqual({ user: true, session: true, consent: ["openid"], interaction: true, code: "consumed" });
});

test("nobody consents to a deleted client any more, and other clients keep their consents", async () => {
  const running = startAuth();
  const { client, browser, user } = await lifeAt(running);
  const other = running.addClient();
  await browser.complete(other);
  await onClientDeleted(running)(running.tenant.id, client.id);
  expect(await running.stores.consents.find(running.tenant.id, user.id, client.id)).toEqual([]);
  expect(await running.stores.consents.find(running.tenant.id, user.id, other.id)).toEqual(["openid"]);
  expect(started(await browser.authorize(client)).step).toBe(auth.Step.CONSENT);
});
