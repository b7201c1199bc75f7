import { emailIdentifier, type UserIdentifier, usernameIdentifier } from "@signet/protocol";
import { expect, test } from "vitest";
import { password, startAuth } from "../testing/running-auth.ts";
import { authenticate } from "./authenticate.ts";
import { createPasswordHasher, type PasswordHasher } from "./password-hasher.ts";

function identifiers(username: string, email: string): UserIdentifier[] {
  return [usernameIdentifier(username), emailIdentifier(email)].filter((identifier) => identifier !== undefined);
}

test.each(["ann", "ANN", "ａｎｎ", "ann@app.example", "Ann@App.Example"])("K6: %s is Ann", async (username) => {
  const { addUser, tenant, dependencies } = startAuth();
  const ann = await addUser({ email: "Ann@app.example", identifiers: identifiers("ann", "Ann@app.example") });
  expect((await authenticate(tenant, { username, password }, dependencies)).user?.id).toBe(ann.id);
});

test.each(["ann\u200b", "ann\uff20app.example", "ann@app.example@evil.example", "bob", "", " ann", "ann@"])(
  "K6: %j is nobody",
  async (username) => {
    const { addUser, tenant, dependencies } = startAuth();
    await addUser({ email: "ann@app.example", identifiers: identifiers("ann", "ann@app.example") });
    expect((await authenticate(tenant, { username, password }, dependencies)).user).toBeUndefined();
  },
);

test("a member of another collection, or of another tenant, is nobody here", async () => {
  const { addUser, addTenant, tenant, dependencies } = startAuth();
  await addUser({ collection: "staff" });
  const other = addTenant("other");
  expect((await authenticate(tenant, { username: "ann", password }, dependencies)).user).toBeUndefined();
  expect((await authenticate(other, { username: "ann", password }, dependencies)).user).toBeUndefined();
  expect(
    (
      await authenticate(
        { ...tenant, settings: { ...tenant.settings, collection: "staff" } },
        { username: "ann", password },
        dependencies,
      )
    ).user,
  ).toBeDefined();
});

/** The real hasher, which counts what it is asked for. */
function countingHasher(): PasswordHasher & { readonly verifications: { count: number } } {
  const hasher = createPasswordHasher();
  const verifications = { count: 0 };
  return {
    verifications,
    hash: hasher.hash,
    verify(entered, hash) {
      verifications.count++;
      return hasher.verify(entered, hash);
    },
    verifyDummy(entered) {
      verifications.count++;
      return hasher.verifyDummy(entered);
    },
  };
}

test("K2: an unknown user, an impossible one, a blocked one, one without a password and a wrong password all cost one verification", async () => {
  const passwords = countingHasher();
  const { addUser, tenant, dependencies } = startAuth({ passwords });
  await addUser();
  await addUser({ username: "blocked", blocked: true });
  const { passwordHash: _hash, ...withoutPassword } = await addUser({ username: "other" });
  await dependencies.stores.users.replace({ ...withoutPassword, version: 2 });
  const attempts = [
    { username: "nobody", password },
    { username: "no body", password },
    { username: "blocked", password },
    { username: "other", password },
    { username: "ann", password: "wrong" },
  ];
  for (const [index, attempt] of attempts.entries()) {
    expect((await authenticate(tenant, attempt, dependencies)).user).toBeUndefined();
    expect(passwords.verifications.count).toBe(index + 1);
  }
});

test.each(["", "x".repeat(1025)])(
  "K2: a password that cannot be anybody's costs nothing, whoever it is for",
  async (impossible) => {
    const passwords = countingHasher();
    const { addUser, tenant, dependencies } = startAuth({ passwords });
    await addUser();
    for (const username of ["ann", "nobody"]) {
      expect((await authenticate(tenant, { username, password: impossible }, dependencies)).user).toBeUndefined();
    }
    expect(passwords.verifications.count).toBe(0);
  },
);
