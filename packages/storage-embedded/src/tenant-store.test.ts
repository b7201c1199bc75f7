import { later } from "@signet/protocol";
import { aTenant, now } from "@signet/storage/contract/fixtures";
import { expect, onTestFinished, test } from "vitest";
import { openEmbeddedStores } from "./embedded-stores.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const day = 86_400_000;

test("a deletion is remembered for 90 days, and forgotten at the first one after them", async () => {
  const stores = openEmbeddedStores({ folder: temporaryFolder() });
  onTestFinished(() => stores.close());
  const remembered = async () => (await stores.tenants.listDeleted({ limit: 10 })).items.map(({ id }) => id).toSorted();
  const deleted = [];
  for (const deletedAt of [now, later(now, 90 * day), later(now, 90 * day + 1)]) {
    const tenant = aTenant();
    await stores.tenants.create(tenant);
    await stores.tenants.delete(tenant, deletedAt);
    deleted.push(tenant.id);
    expect(await remembered()).toStrictEqual((deletedAt > later(now, 90 * day) ? deleted.slice(1) : deleted).toSorted());
  }
});
