import { expect, test } from "vitest";
import { openEmbeddedStores } from "../embedded-stores.ts";
import { openFillableStores } from "./fillable-stores.ts";
import { rowsOf, writtenAt } from "./rows.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("what a folder was filled with is there for the process that uses it", async () => {
  const folder = temporaryFolder();
  const rows = [rowsOf(1, 1), rowsOf(1, 2)];
  const filling = openFillableStores(folder);
  await filling.together(async () => {
    for (const { user, grant } of rows) {
      await filling.stores.users.create(user);
      await filling.stores.grants.open(grant);
    }
  });
  filling.close();

  const stores = openEmbeddedStores({ folder });
  try {
    for (const { user, grant } of rows) {
      expect(await stores.users.find(user.tenantId, user.id)).toEqual(user);
      expect(await stores.grants.find(grant.tenantId, grant.id, writtenAt)).toMatchObject({ id: grant.id });
    }
  } finally {
    stores.close();
  }
});
