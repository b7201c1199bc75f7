import type { WrappedKey } from "@signet/storage";
import { aCode } from "@signet/storage/contract/fixtures";
import { expect, test } from "vitest";
import { openEmbeddedStores } from "./index.ts";
import { rowsOf, writtenAt } from "./testing/rows.ts";
import { temporaryFolder, temporaryStores } from "./testing/temporary-folder.ts";

test.each([false, true])("what was written is there after the next opening, with fullSync %s", async (fullSync) => {
  const folder = temporaryFolder();
  const { tenant, session } = rowsOf(0, 0);
  const before = openEmbeddedStores({ folder, fullSync });
  await before.tenants.create(tenant);
  await before.sessions.start(session);
  before.close();
  const after = openEmbeddedStores({ folder, fullSync });
  expect(await after.tenants.findByName(tenant.name)).toStrictEqual(tenant);
  expect(await after.sessions.find(session.tenantId, session.hash, writtenAt)).toStrictEqual(session);
  after.close();
});

test("a code that an earlier process saved counts as one whose user may have changed, a later one does not", async () => {
  const folder = temporaryFolder();
  const [earlier, later] = [aCode(), aCode()];
  const before = openEmbeddedStores({ folder });
  await before.codes.save(earlier);
  before.close();
  const after = openEmbeddedStores({ folder });
  await after.codes.save(later);
  const consumed = await Promise.all(
    [earlier, later].map(({ tenantId, hash, authTime }) => after.codes.consume(tenantId, hash, authTime)),
  );
  expect(consumed).toMatchObject([{ userMayHaveChanged: true }, { userMayHaveChanged: false }]);
  after.close();
});

test("each service has data keys of its own", async () => {
  const { registryDataKeys, tokenDataKeys } = temporaryStores();
  const { id } = rowsOf(0, 0).tenant;
  const [registryKey, tokenKey] = ["registry key" as WrappedKey, "token key" as WrappedKey];
  expect(await registryDataKeys.establish(id, registryKey)).toBe(registryKey);
  expect(await tokenDataKeys.find(id)).toBeUndefined();
  expect(await tokenDataKeys.establish(id, tokenKey)).toBe(tokenKey);
  expect(await registryDataKeys.list({ limit: 10 })).toStrictEqual({ items: [{ tenantId: id, wrappedKey: registryKey }] });
  expect(await tokenDataKeys.replace(id, registryKey, tokenKey)).toBe(false);
  await tokenDataKeys.deleteTenant(id);
  expect(await registryDataKeys.find(id)).toBe(registryKey);
});

test("a position in the change feed of an earlier process is not resumed from", async () => {
  const { signal } = new AbortController();
  const folder = temporaryFolder();
  const positions: string[] = [];
  for (let opening = 0; opening < 2; opening++) {
    const stores = openEmbeddedStores({ folder });
    for await (const event of stores.changes.subscribe(positions.at(-1), signal)) {
      expect(event).toMatchObject({ kind: "ready", resumed: false });
      positions.push(event.position);
      break;
    }
    stores.close();
  }
  expect(new Set(positions).size).toBe(2);
});

test("a position that the change feed has yet to reach is not resumed from", async () => {
  const { signal } = new AbortController();
  const { changes } = temporaryStores();
  const ready = await changes.subscribe(undefined, signal)[Symbol.asyncIterator]().next();
  if (ready.done === true) throw new Error("the subscription has ended");
  const ahead = ready.value.position.replace(/\d+$/, "1");
  expect(ahead).not.toBe(ready.value.position);
  for await (const event of changes.subscribe(ahead, signal)) {
    expect(event).toStrictEqual({ kind: "ready", position: ready.value.position, resumed: false });
    break;
  }
});
