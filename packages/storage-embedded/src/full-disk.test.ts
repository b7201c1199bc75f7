import { once } from "node:events";
import { ResourceError } from "@signet/protocol";
import type { Stores } from "@signet/storage";
import { expect, onTestFinished, test } from "vitest";
import type { Database } from "./database.ts";
import { openDatabases, storesOn } from "./embedded-stores.ts";
import { openEmbeddedStores } from "./index.ts";
import { integer } from "./row.ts";
import { startChildWithFileLimit } from "./testing/child.ts";
import { rowsOf, writtenAt } from "./testing/rows.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

/** Stores on a disk that is full once each database has grown by `pages`, until it is given more room. */
function storesOnSmallDisk(pages: number): { stores: Stores; makeRoom(): void } {
  const { durable, transient } = openDatabases({ folder: temporaryFolder() });
  onTestFinished(() => {
    transient.close();
    durable.close();
  });
  const stores = storesOn(durable, transient);
  const databases = [durable, transient];
  for (const database of databases) limitPages(database, pagesOf(database) + pages);
  const makeRoom = () => {
    for (const database of databases) limitPages(database, 1_000_000);
  };
  return { stores, makeRoom };
}

function pagesOf(database: Database): number {
  return integer(database.prepare("pragma page_count").get() ?? {}, "page_count");
}

function limitPages(database: Database, pages: number): void {
  database.prepare(`pragma max_page_count = ${pages}`).get();
}

/** Calls `write` with 0, 1, … until it is refused; how many calls succeeded. */
async function writeUntilFull(write: (step: number) => Promise<unknown>): Promise<number> {
  for (let step = 0; step < 10_000; step++) {
    try {
      await write(step);
    } catch (error) {
      expect(error).toBeInstanceOf(ResourceError);
      expect(error).toMatchObject({ kind: "unavailable", cause: { code: "ERR_SQLITE_ERROR" } });
      return step;
    }
  }
  throw new Error("the disk was never full");
}

test("X20: on a full disk a write is unavailable, nothing acknowledged is lost, and room is all that it takes to go on", async () => {
  const { stores, makeRoom } = storesOnSmallDisk(20);
  const saved = await writeUntilFull((step) => stores.codes.save(rowsOf(0, step).code));
  const created = await writeUntilFull((step) => stores.users.create(rowsOf(0, step).user));
  expect(saved).toBeGreaterThan(0);
  expect(created).toBeGreaterThan(0);

  makeRoom();
  const [refusedCode, refusedUser] = [rowsOf(0, saved).code, rowsOf(0, created).user];
  await stores.codes.save(refusedCode);
  expect(await stores.users.create(refusedUser)).toBe("created");
  for (let step = 0; step <= saved; step++) {
    const { code } = rowsOf(0, step);
    expect((await stores.codes.consume(code.tenantId, code.hash, writtenAt)).kind).toBe("consumed");
  }
  for (let step = 0; step <= created; step++) {
    const { user } = rowsOf(0, step);
    expect(await stores.users.find(user.tenantId, user.id)).toStrictEqual(user);
  }
});

test("X20: a step of several writes that the full disk interrupts is not done by half", async () => {
  const { stores, makeRoom } = storesOnSmallDisk(20);
  const { session, user } = rowsOf(0, 0);
  await stores.sessions.start(session);
  await stores.users.create(user);

  const replacing = await writeUntilFull((step) =>
    stores.sessions.start(rowsOf(1, step).session, rowsOf(1, step - 1).session.hash),
  );
  const { session: last } = rowsOf(1, replacing - 1);
  expect(await stores.sessions.find(last.tenantId, last.hash, writtenAt)).toStrictEqual(last);

  const long = "x".repeat(20_000);
  const replaced = await writeUntilFull((step) =>
    stores.users.replace({ ...user, username: long.repeat(step), version: 2 + step }),
  );
  const stored = { ...user, username: long.repeat(replaced - 1), version: 1 + replaced };
  expect(await stores.users.find(user.tenantId, user.id)).toStrictEqual(replaced === 0 ? user : stored);
  for (const identifier of user.identifiers) {
    expect((await stores.users.findByIdentifier(user.tenantId, user.collection, identifier))?.id).toBe(user.id);
  }
  makeRoom();
  expect(await stores.users.replace({ ...user, version: 2 + replaced })).toBe("replaced");
});

test("X20: where the system refuses to let a file grow, what was acknowledged is there, and what was refused is not", async () => {
  const folder = temporaryFolder();
  const child = startChildWithFileLimit(1000, "write-until-full.ts", folder);
  const said = new Map<string, string>();
  child.lines.on("line", (line) => {
    const [what = "", result = ""] = line.split(" ");
    said.set(what, result);
  });
  await once(child.lines, "close");
  expect(await child.ended()).toBe(0);
  const { saved, ...results } = Object.fromEntries(said);
  expect(results).toStrictEqual({ save: "unavailable", consume: "unavailable", find: "done" });
  expect(Number(saved)).toBeGreaterThan(0);

  const stores = openEmbeddedStores({ folder });
  onTestFinished(() => stores.close());
  for (let step = 0; step < Number(saved); step++) {
    const { code } = rowsOf(0, step);
    expect((await stores.codes.consume(code.tenantId, code.hash, writtenAt)).kind).toBe("consumed");
  }
  const { code: refused } = rowsOf(0, Number(saved));
  expect((await stores.codes.consume(refused.tenantId, refused.hash, writtenAt)).kind).toBe("unknown");
  await expect(stores.codes.save(refused)).resolves.toBeUndefined();
});
