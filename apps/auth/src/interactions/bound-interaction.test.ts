import { auth } from "@signet/contracts";
import { hashSecret, parseNewPassword, parseSecret, type SecretHash } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import { Browser, started } from "../testing/browser.ts";
import { password } from "../testing/running-auth.ts";
import { startWithAnn } from "../testing/start-with-ann.ts";

const over = { name: "ResourceError", kind: "not_found" };

describe("B2: the browser that an interaction is bound to", () => {
  test("nobody without its secret sees, signs in to or answers an interaction", async () => {
    const { running, browser, client } = await startWithAnn();
    const interaction = started(await browser.authorize(client));
    const foreign = started(await new Browser(running).authorize(client));
    for (const secret of ["", "x", foreign.secret, interaction.secret.slice(1), `${interaction.secret}x`]) {
      const forged = { id: interaction.id, secret };
      await expect(browser.page(forged)).rejects.toMatchObject(over);
      await expect(browser.signIn(forged)).rejects.toMatchObject(over);
      await expect(browser.consent(forged)).rejects.toMatchObject(over);
    }
    expect((await browser.signIn(interaction))?.$case).toBe("next");
  });

  test("an unknown interaction and another browser's are told in the same words", async () => {
    const { browser, client } = await startWithAnn();
    const { id, secret } = started(await browser.authorize(client));
    const errors = await Promise.all(
      [
        { id: "0".repeat(32), secret },
        { id: "../x", secret },
        { id, secret: "x".repeat(43) },
      ].map((forged) => browser.page(forged).catch((error: unknown) => error)),
    );
    for (const error of errors) expect(error).toEqual(errors[0]);
  });

  test("another tenant does not know it", async () => {
    const { running, browser, client, addTenant } = await startWithAnn();
    const interaction = started(await browser.authorize(client));
    await expect(new Browser(running, addTenant("other")).page(interaction)).rejects.toMatchObject(over);
  });
});

describe("B3: the session of a sign-in", () => {
  test("has a new value each time, and the former one ends", async () => {
    const { browser, client, stores, tenant, now } = await startWithAnn();
    await browser.complete(client);
    const former = browser.session;
    await browser.signIn(started(await browser.authorize(client, { prompt: "login" })));
    expect(browser.session).toMatch(/^[\w-]{43}$/);
    expect(browser.session).not.toBe(former);
    expect(await stores.sessions.find(tenant.id, hashSecret(former), now())).toBeUndefined();
    expect(await stores.sessions.find(tenant.id, hashSecret(browser.session), now())).toBeDefined();
  });

  test("is not one that was planted in the browser before", async () => {
    const { running, browser, client } = await startWithAnn();
    const planted = "A".repeat(43);
    browser.session = planted;
    await browser.complete(client);
    const attacker = new Browser(running);
    attacker.session = planted;
    expect(started(await attacker.authorize(client)).step).toBe(auth.Step.SIGN_IN);
  });

  test("keeps its public id where the same user signs in again, and has another where another does", async () => {
    const { browser, client, addUser, stores, tenant, now } = await startWithAnn();
    await addUser({ username: "bob" });
    const publicId = async () => (await stores.sessions.find(tenant.id, hashSecret(browser.session), now()))?.publicId;
    await browser.complete(client);
    const first = await publicId();
    await browser.signIn(started(await browser.authorize(client, { prompt: "login" })));
    expect(await publicId()).toBe(first);
    await browser.signIn(started(await browser.authorize(client, { prompt: "login" })), { username: "bob" });
    expect(await publicId()).not.toBe(first);
  });

  test("tells the gateway when it ends, and is stored as a hash only", async () => {
    const { running, browser, client, tenant, stores, now } = await startWithAnn();
    const { id, secret } = started(await browser.authorize(client));
    const { session } = await running.auth.submitSignIn({ tenant: tenant.name, id, secret, username: "ann", password });
    expect(session?.expiresAt).toBe(now() + tenant.settings.sessionTimeout);
    const value = parseSecret(session?.value ?? "");
    if (value === undefined) throw new Error("the session has a value");
    const stored = await stores.sessions.find(tenant.id, hashSecret(value), now());
    expect(JSON.stringify(stored)).not.toContain(value);
    expect(stored).toMatchObject({ authTime: now(), amr: ["pwd"] });
  });
});

describe("a block or a new password in the very moment of a sign-in", () => {
  test.each(["blocked", "passwordHash"] as const)("leaves no session behind: %s", async (member) => {
    const { stores, user, dependencies, tenant, running, browser, client, now } = await startWithAnn();
    const changes =
      member === "blocked"
        ? { blocked: true }
        : { passwordHash: await dependencies.passwords.hash(parseNewPassword("another password")) };
    const interaction = started(await browser.authorize(client));
    const { start } = stores.sessions;
    const hashes: SecretHash[] = [];
    // The administrator's change comes to be stored just before the session, and ends those that are there by then.
    stores.sessions.start = async (session, replaced) => {
      await stores.users.replace({ ...user, ...changes, version: 2 });
      await stores.sessions.endOfUser(tenant.id, user.id);
      await start.call(stores.sessions, session, replaced);
      hashes.push(session.hash);
    };
    const reply = await running.auth.submitSignIn({ tenant: tenant.name, ...interaction, username: "ann", password });
    expect(reply).toMatchObject({ outcome: { $case: "rejected" }, session: undefined });
    expect(hashes).toHaveLength(1);
    for (const hash of hashes) expect(await stores.sessions.find(tenant.id, hash, now())).toBeUndefined();
  });
});
