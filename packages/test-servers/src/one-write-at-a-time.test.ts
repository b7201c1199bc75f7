import { type Document, MongoClient } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { OneWriteAtATime } from "./one-write-at-a-time.ts";
import { withMongodServer } from "./with-servers.ts";

withMongodServer((server) => {
  /** A collection, and the same one over a gate of its own. */
  async function gated() {
    const gate = await OneWriteAtATime.before(server.port);
    const client = new MongoClient(`mongodb://127.0.0.1:${gate.port}/`, { maxPoolSize: 10, serverSelectionTimeoutMS: 2000 });
    onTestFinished(async () => {
      await client.close();
      await gate.close();
    });
    return { client, gate, counters: client.db("gate").collection<Document & { _id: string }>("counters") };
  }

  test("what 200 concurrent updates over several connections do is not lost", async () => {
    const { counters } = await gated();
    await counters.insertOne({ _id: "one", count: 0 });
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        index % 2 === 0
          ? counters.updateOne({ _id: "one" }, { $inc: { count: 1 } })
          : counters.findOneAndUpdate({ _id: "one" }, { $inc: { count: 1 } }),
      ),
    );
    expect(await counters.findOne({ _id: "one" })).toStrictEqual({ _id: "one", count: 200 });
  });

  test("of 100 concurrent updates that expect what only one can find, exactly one finds it", async () => {
    const { counters } = await gated();
    await counters.insertOne({ _id: "two", owner: "nobody" });
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) => counters.updateOne({ _id: "two", owner: "nobody" }, { $set: { owner: index } })),
    );
    expect(results.filter(({ matchedCount }) => matchedCount === 1)).toHaveLength(1);
  });

  test("messages of many megabytes pass whole, both ways", async () => {
    const { counters } = await gated();
    const text = "x".repeat(5_000_000);
    await counters.insertOne({ _id: "large", text });
    expect((await counters.findOne({ _id: "large" }))?.text).toHaveLength(text.length);
  });

  test("a connection that breaks amid a write does not stop the others", async () => {
    const { counters, gate } = await gated();
    const leaving = new MongoClient(`mongodb://127.0.0.1:${gate.port}/`, { maxPoolSize: 10 });
    const leftAlone = leaving.db("gate").collection<Document>("left");
    const writes = Array.from({ length: 20 }, () => leftAlone.insertOne({ text: "x".repeat(100_000) }).catch(() => {}));
    await writes[0];
    await leaving.close();
    await Promise.all(writes);
    await expect(counters.insertOne({ _id: "after" })).resolves.toMatchObject({ acknowledged: true });
  });
});
