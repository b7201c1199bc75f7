import { instant } from "@signet/protocol";
import { expect, test } from "vitest";
import { createOutbound } from "./outbound.ts";
import { outboundOfOneCall } from "./outbound-of-one-call.ts";
import { failure, json } from "./testing/open-outbound.ts";
import { startRemote } from "./testing/remote.ts";

const timedOut = failure("timed_out");

/** A host that answers `/quick` at once, and anything else once it is told to. */
async function start() {
  const told = Promise.withResolvers<void>();
  const asked: (string | undefined)[] = [];
  const { port } = await startRemote(async ({ url }, response) => {
    asked.push(url);
    if (url !== "/quick") await told.promise;
    response.end(JSON.stringify(url));
  });
  const outbound = createOutbound({ allowedHosts: ["127.0.0.1"], clock: () => instant(0) });
  return { outbound, at: (path: string) => `http://127.0.0.1:${port}${path}`, answer: told.resolve, asked };
}

test("all that one call fetches shares one time: what comes after a slow host has only what is left of it", async () => {
  const { outbound, at } = await start();
  const ofCall = outboundOfOneCall(outbound, 200);
  const begin = performance.now();
  expect(await ofCall.fetchJson(at("/quick"), json)).toBe("/quick");
  await expect(ofCall.fetchJson(at("/slow"), json)).rejects.toEqual(timedOut);
  await expect(ofCall.fetchText(at("/slower"), json)).rejects.toEqual(timedOut);
  expect(performance.now() - begin).toBeLessThan(1000);
});

test("what was too slow for one call is fetched all the same, and whoever asks next has it", async () => {
  const { outbound, at, answer, asked } = await start();
  await expect(outboundOfOneCall(outbound, 50).fetchJson(at("/slow"), json)).rejects.toEqual(timedOut);
  answer();
  expect(await outboundOfOneCall(outbound).fetchJson(at("/slow"), json)).toBe("/slow");
  expect(asked).toEqual(["/slow"]);
});

test("what is known is told also when the time is over", async () => {
  const { outbound, at } = await start();
  await outbound.fetchJson(at("/quick"), json);
  const ofCall = outboundOfOneCall(outbound, 0);
  await expect(ofCall.fetchJson(at("/slow"), json)).rejects.toEqual(timedOut);
  expect(await ofCall.fetchJson(at("/quick"), json)).toBe("/quick");
});
