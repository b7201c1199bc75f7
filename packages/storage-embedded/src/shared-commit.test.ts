import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Database } from "./database.ts";
import { integer, text } from "./row.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

function openedThings() {
  const path = join(temporaryFolder(), "things.db");
  const migrations = ["create table things (name text not null primary key, size integer not null default 0) strict"];
  const database = new Database({ path, synchronous: "normal", migrations });
  onTestFinished(() => database.close());
  const insert = database.prepare("insert into things (name) values (?)");
  const list = database.prepare("select name from things order by name");
  const names = () => list.all().map((row) => text(row, "name"));
  return { database, insert, names };
}

/** How many frames the log holds: a commit writes each page that it changed once. */
function framesOf(database: Database): number {
  return integer(database.prepare("pragma wal_checkpoint(truncate)").get() ?? {}, "log");
}

test("what is written in one turn of the event loop is committed at once, and not before the turn ends", async () => {
  const { database, insert, names } = openedThings();
  const writing = ["a", "b", "c"].map((name) => database.write(() => insert.run(name)));
  expect(names()).toEqual([]);
  expect(await Promise.all(writing)).toEqual([1, 1, 1]);
  expect(names()).toEqual(["a", "b", "c"]);
});

test("a hundred writes of one turn cost fewer pages than a hundred of their own", async () => {
  const { database, insert } = openedThings();
  framesOf(database);
  for (let index = 0; index < 100; index++) await database.write(() => insert.run(`alone ${index}`));
  const alone = database.prepare("pragma wal_checkpoint(passive)").get();
  const framesAlone = integer(alone ?? {}, "log");
  framesOf(database);
  await Promise.all(Array.from({ length: 100 }, (_, index) => database.write(() => insert.run(`together ${index}`))));
  const framesTogether = integer(database.prepare("pragma wal_checkpoint(passive)").get() ?? {}, "log");
  expect(framesTogether).toBeLessThan(framesAlone / 5);
});

test("a write that fails is rejected and undone alone", async () => {
  const { database, insert, names } = openedThings();
  const results = await Promise.allSettled([
    database.write(() => insert.run("a")),
    database.write(() =>
      database.transaction(() => {
        insert.run("undone");
        insert.run("a");
      }),
    ),
    database.write(() => {
      throw new Error("why");
    }),
    database.write(() => insert.run("b")),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  expect(results[2]).toMatchObject({ reason: { message: "why" } });
  expect(names()).toEqual(["a", "b"]);
});

test("X20: where the disk is full, none of the writes of a turn is acknowledged that is not there", async () => {
  const { database, insert, names } = openedThings();
  database.prepare("pragma max_page_count = 12").get();
  const large = (index: number) => `${index} ${"x".repeat(3000)}`;
  const results = await Promise.allSettled(
    Array.from({ length: 30 }, (_, index) => database.write(() => insert.run(large(index)))),
  );
  const acknowledged = results.flatMap(({ status }, index) => (status === "fulfilled" ? [large(index)] : []));
  expect(acknowledged.length).toBeLessThan(30);
  expect(names()).toEqual(acknowledged.sort());
  for (const result of results) {
    if (result.status === "rejected") expect(result.reason).toMatchObject({ kind: "unavailable" });
  }

  database.prepare("pragma max_page_count = 1000").get();
  await database.write(() => insert.run("room again"));
  expect(names()).toContain("room again");
});

test("closing commits what waits", async () => {
  const { database, insert } = openedThings();
  const writing = database.write(() => insert.run("a"));
  database.close();
  expect(await writing).toBe(1);
});
