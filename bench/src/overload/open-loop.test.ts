import { expect, test } from "vitest";
import type { HttpConnection } from "../load/http-connection.ts";
import { serve } from "../load/testing/serve.ts";
import { runOpenLoop } from "./open-loop.ts";

async function flow(connection: HttpConnection) {
  const reply = await connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.body}`);
  return reply;
}

test("as many are sent as are due, however long the replies take", async () => {
  const unanswered: (() => void)[] = [];
  const port = await serve((_request, response) => {
    unanswered.push(() => response.end("ok"));
    if (unanswered.length === 20) for (const answer of unanswered) answer();
  });
  const load = await runOpenLoop({ port, perSecond: 200, seconds: 0.1, flow });
  expect(load).toMatchObject({ errors: 0, unsent: 0 });
  expect(load.servedLatencies).toHaveLength(20);
});

test("a 503 that says when to try again is a refusal; one that does not is an error, as everything else is", async () => {
  let count = 0;
  const port = await serve((_request, response) => {
    count++;
    if (count % 3 === 0) response.writeHead(503, { "Retry-After": "1" }).end("busy");
    else if (count % 3 === 1) response.writeHead(503).end("away");
    else response.end("ok");
  });
  const load = await runOpenLoop({ port, perSecond: 150, seconds: 0.2, flow });
  expect([load.servedLatencies.length, load.refusedLatencies.length, load.errors]).toEqual([10, 10, 10]);
  expect(load.firstError).toBe("503 away");
});
