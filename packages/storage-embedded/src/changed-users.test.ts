import { randomBytes } from "node:crypto";
import { instant, later, newTenantId, newUserId, type UserId } from "@signet/protocol";
import { expect, test } from "vitest";
import { ChangedUsers } from "./changed-users.ts";

const now = instant(1_800_000_000_000);
const minute = 60_000;
const tenant = newTenantId(randomBytes);
const aUser = (): UserId => newUserId(randomBytes);

test("a user counts as changed for a minute longer than was noted, and nobody else does", () => {
  const changed = new ChangedUsers();
  const user = aUser();
  changed.note(tenant, user, later(now, minute));
  expect(changed.mayHaveChanged(tenant, aUser(), now)).toBe(false);
  expect(changed.mayHaveChanged(newTenantId(randomBytes), user, now)).toBe(false);
  expect(changed.mayHaveChanged(tenant, user, later(now, 2 * minute - 1))).toBe(true);
  expect(changed.mayHaveChanged(tenant, user, later(now, 2 * minute))).toBe(false);
});

test("once more users have changed than are told apart, everybody counts as changed until the last note ends", () => {
  const changed = new ChangedUsers();
  for (let count = 0; count <= 10_000; count++) changed.note(tenant, aUser(), later(now, minute));
  expect(changed.mayHaveChanged(tenant, aUser(), later(now, 2 * minute - 1))).toBe(true);
  expect(changed.mayHaveChanged(tenant, aUser(), later(now, 2 * minute))).toBe(false);
});
