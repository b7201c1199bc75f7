import { expect, onTestFinished, test } from "vitest";
import type { Database } from "./database.ts";
import { openDatabases, storesOn } from "./embedded-stores.ts";
import { text } from "./row.ts";
import { sweeper } from "./sweep.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

/** The databases with every statement that the stores and the sweep prepare. */
function prepared(): Database[] {
  const { durable, transient } = openDatabases({ folder: temporaryFolder() });
  onTestFinished(() => {
    transient.close();
    durable.close();
  });
  storesOn(durable, transient);
  sweeper(transient);
  return [durable, transient];
}

function planOf(database: Database, sql: string): string[] {
  return database
    .prepare(`explain query plan ${sql}`)
    .all()
    .map((row) => text(row, "detail"));
}

test("no statement reads a whole table, or sorts", () => {
  const slow = prepared().flatMap((database) =>
    [...database.prepared].flatMap((sql) =>
      planOf(database, sql)
        // json_each reads the list that the statement was given.
        .filter((step) => (step.startsWith("SCAN") && !/^SCAN (json_each|CONSTANT ROW)/.test(step)) || /TEMP B-TREE/.test(step))
        .map((step) => `${step}: ${sql}`),
    ),
  );
  expect(slow).toStrictEqual([]);
});

test("no statement reads all of a tenant's rows, but those that are about all of them", () => {
  const slow = prepared().flatMap((database) =>
    [...database.prepared]
      .filter((sql) => !/where tenant_id = \?( order by id)?$/.test(sql))
      .filter((sql) => planOf(database, sql).some((step) => step.endsWith("(tenant_id=?)"))),
  );
  expect(slow).toStrictEqual([]);
});

test("every index is there for some statement", () => {
  for (const database of prepared()) {
    const plans = [...database.prepared].flatMap((sql) => planOf(database, sql)).join("\n");
    const indexes = database.prepare("select name from sqlite_schema where type = 'index' and sql is not null").all();
    expect(indexes.length).toBeGreaterThan(0);
    expect(indexes.map((row) => text(row, "name")).filter((name) => !plans.includes(name))).toStrictEqual([]);
  }
});

test("the check itself finds a scan", () => {
  const [durable] = prepared();
  if (durable === undefined) throw new Error("there are two databases");
  expect(planOf(durable, "select * from users where blocked = 1")).toStrictEqual(["SCAN users"]);
});
