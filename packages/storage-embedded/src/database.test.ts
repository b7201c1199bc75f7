import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { Database, type DatabaseOptions } from "./database.ts";
import { NewerSchemaError, UnusableDatabaseError } from "./errors.ts";
import { text } from "./row.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const first = "create table things (name text not null primary key) strict";
const second = "alter table things add column colour text not null default 'grey'";

function opened(options: Pick<DatabaseOptions, "path"> & Partial<DatabaseOptions>): Database {
  const database = new Database({ synchronous: "normal", migrations: [first], ...options });
  onTestFinished(() => database.close());
  return database;
}

function setting(database: Database, name: string): unknown {
  return Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0];
}

test.each([
  ["normal", 1],
  ["full", 2],
] as const)("a database with synchronous = %s has its settings", (synchronous, level) => {
  const database = opened({ path: join(temporaryFolder(), "things.db"), synchronous });
  expect(setting(database, "journal_mode")).toBe("wal");
  expect(setting(database, "locking_mode")).toBe("exclusive");
  expect(setting(database, "synchronous")).toBe(level);
});

test("the folder and the files in it are their owner's alone, whatever the umask", () => {
  const folder = join(temporaryFolder(), "deep", "data");
  const database = opened({ path: join(folder, "things.db") });
  database.prepare("insert into things (name) values (?)").run("one");
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const files = readdirSync(folder);
  expect(files).toContain("things.db-wal");
  for (const file of files) expect([file, statSync(join(folder, file)).mode & 0o777]).toStrictEqual([file, 0o600]);
});

test("a folder that was there keeps its mode, as its owner may have meant it", () => {
  const folder = join(temporaryFolder(), "data");
  mkdirSync(folder);
  chmodSync(folder, 0o750);
  opened({ path: join(folder, "things.db") });
  expect(statSync(folder).mode & 0o777).toBe(0o750);
});

test("each migration runs once, in order, on what is there", () => {
  const path = join(temporaryFolder(), "things.db");
  const before = opened({ path });
  before.prepare("insert into things (name) values (?)").run("one");
  before.close();
  for (let opening = 0; opening < 2; opening++) {
    const database = opened({ path, migrations: [first, second] });
    expect(setting(database, "user_version")).toBe(2);
    expect(database.prepare("select name, colour from things").all()).toEqual([{ name: "one", colour: "grey" }]);
    database.close();
  }
});

test("a migration that fails leaves the schema as it was", () => {
  const path = join(temporaryFolder(), "things.db");
  opened({ path }).close();
  const failing = `${second}; create table things (name text) strict`;
  expect(() => opened({ path, migrations: [first, failing] })).toThrow("things already exists");
  const database = opened({ path });
  expect(setting(database, "user_version")).toBe(1);
  expect(database.prepare("select * from things limit 0").all()).toStrictEqual([]);
  expect(() => database.prepare("select colour from things")).toThrow("no such column");
});

test("a database of a newer version is refused in words, and left alone", () => {
  const path = join(temporaryFolder(), "things.db");
  opened({ path, migrations: [first, second] }).close();
  expect(() => opened({ path })).toThrow(NewerSchemaError);
  expect(() => opened({ path })).toThrow(
    `${path} was written by a newer version of Signet: its schema is version 2, and this one knows 1 at most`,
  );
  const raw = new DatabaseSync(path);
  onTestFinished(() => raw.close());
  expect(raw.prepare("pragma user_version").get()).toEqual({ user_version: 2 });
});

test("a transaction that throws does nothing, and the next one is not disturbed", () => {
  const database = opened({ path: join(temporaryFolder(), "things.db") });
  const insert = database.prepare("insert into things (name) values (?)");
  const names = database.prepare("select name from things order by name");
  const failure = new Error("on purpose");
  expect(() =>
    database.transaction(() => {
      insert.run("one");
      throw failure;
    }),
  ).toThrow(failure);
  expect(names.all()).toStrictEqual([]);
  expect(database.transaction(() => insert.run("two"))).toBe(1);
  expect(names.all().map((row) => text(row, "name"))).toStrictEqual(["two"]);
});

test("a closed database can be closed again", () => {
  const database = opened({ path: join(temporaryFolder(), "things.db") });
  database.close();
  expect(() => database.close()).not.toThrow();
});

test("a file that is no database is refused by its name, and stays as it is", () => {
  const path = join(temporaryFolder(), "things.db");
  const content = "no database at all ".repeat(500);
  writeFileSync(path, content);
  expect(() => opened({ path })).toThrow(UnusableDatabaseError);
  expect(() => opened({ path })).toThrow(`${path} cannot be opened: file is not a database`);
  expect(readFileSync(path, "utf8")).toBe(content);
});

test("so is a folder in the database's place", () => {
  const path = join(temporaryFolder(), "things.db");
  mkdirSync(path);
  expect(() => opened({ path })).toThrow(UnusableDatabaseError);
});

test("a fault in our own SQL is thrown as it is", () => {
  const path = join(temporaryFolder(), "things.db");
  expect(() => opened({ path, migrations: ["create tabel things"] })).toThrow(/syntax error/);
  expect(() => opened({ path, migrations: ["create tabel things"] })).not.toThrow(UnusableDatabaseError);
});
