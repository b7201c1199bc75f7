import { withMongodServer } from "@signet/test-servers/vitest";
import { MongoClient } from "mongodb";
import { expect, onTestFinished, test } from "vitest";
import { watchHeartbeats } from "./heartbeats.ts";

withMongodServer((server) => {
  function watchedClient(milliseconds: number) {
    const client = new MongoClient(server.url, {
      heartbeatFrequencyMS: 500,
      connectTimeoutMS: 200,
      serverSelectionTimeoutMS: 200,
    });
    const { promise: stuck, resolve } = Promise.withResolvers<string>();
    onTestFinished(async () => {
      stop();
      await client.close();
    });
    const stop = watchHeartbeats(client, milliseconds, () => resolve("stuck"));
    return { client, stuck };
  }

  const next = (client: MongoClient, event: "serverHeartbeatSucceeded" | "serverHeartbeatFailed") =>
    new Promise<string>((resolve) => client.once(event, () => resolve(event)));

  test("a driver whose heartbeats end, well or badly, is not stuck", async () => {
    const { client, stuck } = watchedClient(1500);
    await client.connect();
    for (let beats = 0; beats < 3; beats++) {
      expect(await Promise.race([stuck, next(client, "serverHeartbeatSucceeded")])).toBe("serverHeartbeatSucceeded");
    }
    await server.kill();
    for (let beats = 0; beats < 3; beats++) {
      expect(await Promise.race([stuck, next(client, "serverHeartbeatFailed")])).toBe("serverHeartbeatFailed");
    }
    await server.start();
  });

  test("a driver whose heartbeat began and does not end is stuck", async () => {
    const { client, stuck } = watchedClient(50);
    client.emit("serverHeartbeatStarted", { connectionId: "127.0.0.1:1", awaited: false });
    expect(await stuck).toBe("stuck");
  });
});
