import { aCompleteUser, anIdentifier } from "@signet/storage/contract/fixtures";
import { withMongoDB } from "@signet/test-servers/vitest";
import { type CommandStartedEvent, type Db, type Document, MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MongoConnection } from "./mongo-connection.ts";
import { storesOn } from "./mongo-stores.ts";
import { callEverything } from "./testing/call-everything.ts";
import { temporaryDatabases } from "./testing/temporary-stores.ts";

/** A query as it went to the server: a find, or what an update, a deletion or a replacement begins with. */
interface Query {
  readonly collection: string;
  readonly filter: Document;
  readonly sort: Document;
  /** What a find reads of each document. */
  readonly projection?: Document;
  readonly command: Document;
}

interface Index {
  readonly name: string;
  readonly key: Document;
}

withMongoDB((server) => {
  const database = temporaryDatabases(server)();
  const queries: Query[] = [];
  let client: MongoClient;
  let db: Db;

  beforeAll(async () => {
    client = new MongoClient(server.url, { monitorCommands: true });
    db = client.db(database);
    const collect = (event: CommandStartedEvent) => queries.push(...queriesOf(event.command));
    client.on("commandStarted", collect);
    await callEverything(
      storesOn(new MongoConnection({ openClient: () => client, database, deadlineMilliseconds: 30_000, maximumOutstanding: 10 })),
    );
    client.off("commandStarted", collect);
  });
  afterAll(async () => {
    await client.close();
  });

  test("each query begins with the first member of an index, and comes in its order", async () => {
    const unserved = [];
    for (const query of queries) if ((await indexOf(db, query)) === undefined) unserved.push(query);
    expect(queries.length).toBeGreaterThan(40);
    expect(unserved).toStrictEqual([]);
  });

  test("K2: somebody whom nobody is takes the same commands as somebody who there is", async () => {
    const commands: string[] = [];
    const note = ({ commandName }: CommandStartedEvent) => commands.push(commandName);
    const options = { openClient: () => client, database, deadlineMilliseconds: 30_000, maximumOutstanding: 10 };
    const { users } = storesOn(new MongoConnection(options));
    const user = aCompleteUser();
    await users.create(user);
    const [identifier = anIdentifier()] = user.identifiers;
    const commandsOf = async (asked: typeof identifier) => {
      client.on("commandStarted", note);
      const found = await users.findByIdentifier(user.tenantId, user.collection, asked);
      client.off("commandStarted", note);
      return [found?.id, ...commands.splice(0)];
    };
    expect(await commandsOf(identifier)).toStrictEqual([user.id, "find", "find"]);
    expect(await commandsOf(anIdentifier())).toStrictEqual([undefined, "find", "find"]);
  });

  test("every index is there for some query, or reclaims space", async () => {
    const used = new Set<string>();
    for (const query of queries) used.add(`${query.collection}.${await indexOf(db, query)}`);
    const unused = [];
    for (const { name } of await db.listCollections().toArray()) {
      for (const index of await db.collection(name).indexes()) {
        if (index.expireAfterSeconds === undefined && !used.has(`${name}.${index.name}`)) unused.push(`${name}.${index.name}`);
      }
    }
    expect(unused).toStrictEqual([]);
  });

  test("no plan of the server reads a whole collection, or sorts", async () => {
    const slow = [];
    for (const { command } of queries) {
      const { queryPlanner } = await db.command({ explain: command, verbosity: "queryPlanner" });
      expect(queryPlanner).toBeDefined();
      if (stagesOf(queryPlanner.winningPlan).some((stage) => stage === "COLLSCAN" || stage === "SORT")) slow.push(command);
    }
    expect(slow).toStrictEqual([]);
  });

  test("no read of a user brings along what the user allowed, but for the client that it is about", () => {
    const reads = queries.flatMap(({ collection, projection }) => (collection === "users" && projection ? [projection] : []));
    const brought = reads.flatMap(consentsIn).map((path) => path.replace(/[0-9a-f]{24}/, "CLIENT"));
    expect(new Set(brought)).toStrictEqual(new Set(["consents.CLIENT.allowed"]));
    expect(consentsIn({})).toStrictEqual(["consents", "consentedClients"]);
  });

  test("the checks find a query that no index serves", async () => {
    const command = { find: "users", filter: { blocked: true } };
    expect(await indexOf(db, { collection: "users", filter: command.filter, sort: {}, command })).toBeUndefined();
    const byName = { find: "users", filter: { _id: "x" }, sort: { username: 1 } };
    expect(await indexOf(db, { collection: "users", filter: byName.filter, sort: byName.sort, command: byName })).toBeUndefined();
    expect(stagesOf({ stage: "LIMIT", inputStage: { stage: "COLLSCAN" } })).toStrictEqual(["LIMIT", "COLLSCAN"]);
  });

  test("indexes that reclaim space are there, unless the server has none of their kind", async () => {
    const probe = db.collection("probe").createIndex({ at: 1 }, { expireAfterSeconds: 0 });
    const hasExpiry = await probe.then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({ code: 238 });
        return false;
      },
    );
    await db.dropCollection("probe").catch(() => {});
    const expiries = {
      grants: ["by_deletion", 0],
      tenants: ["by_deletion", 90 * 86_400],
      initial_access_tokens: ["by_expiry", 0],
    };
    for (const [collection, [name, seconds]] of Object.entries(expiries)) {
      const indexes = await db.collection(collection).indexes();
      expect(indexes.filter((index) => index.expireAfterSeconds === seconds).map((index) => index.name)).toStrictEqual(
        hasExpiry ? [name] : [],
      );
    }
  });
});

/** The queries in a command, each with the command that the server can explain it by. */
function queriesOf(command: Document): Query[] {
  const { find, update, findAndModify, filter, query, sort = {}, projection = {} } = command;
  if (find !== undefined) return [{ collection: find, filter, sort, projection, command: { find, filter, sort } }];
  if (findAndModify !== undefined) {
    const change = command.remove === true ? { remove: true } : { update: command.update };
    return [{ collection: findAndModify, filter: query, sort, command: { findAndModify, query, sort, ...change } }];
  }
  if (Array.isArray(command.updates)) {
    return command.updates.map((one: Document) => {
      return { collection: update, filter: one.q, sort: {}, command: { update, updates: [{ q: one.q, u: one.u }] } };
    });
  }
  if (Array.isArray(command.deletes)) {
    return command.deletes.map((one: Document) => {
      return { collection: command.delete, filter: one.q, sort: {}, command: { delete: command.delete, deletes: [one] } };
    });
  }
  return [];
}

/** What of a user's consents a find with this projection brings along. */
function consentsIn(projection: Document): string[] {
  const members = ["consents", "consentedClients"];
  if (!Object.values(projection).includes(1)) return members.filter((member) => projection[member] !== 0);
  return Object.keys(projection).filter((path) => members.some((member) => path.startsWith(member)));
}

/** The name of an index whose first member the query bounds, and in whose order the query wants its documents. */
async function indexOf(db: Db, { collection, filter, sort }: Query): Promise<string | undefined> {
  const indexes: readonly Index[] = (await db.collection(collection).listIndexes().toArray()).map(({ name, key }) => ({
    name,
    key,
  }));
  return indexes.find(({ key }) => {
    const [first = ""] = Object.keys(key);
    return isBounded(filter[first]) && Object.keys(sort).every((member) => member === first);
  })?.name;
}

function isBounded(condition: unknown): boolean {
  if (typeof condition === "string") return true;
  if (typeof condition !== "object" || condition === null) return false;
  return ["$gt", "$in", "$lte"].some((operator) => operator in condition);
}

function stagesOf(plan: unknown): string[] {
  if (Array.isArray(plan)) return plan.flatMap(stagesOf);
  if (typeof plan !== "object" || plan === null) return [];
  return Object.entries(plan).flatMap(([name, value]) => (name === "stage" ? [String(value)] : stagesOf(value)));
}
