import { expect, test } from "vitest";
import { runClosedLoop } from "./closed-loop.ts";
import { serve } from "./testing/serve.ts";
import { parseTokenReply } from "./token-reply.ts";
import type { Flow } from "./work.ts";

const flow: Flow = {
  async run(connection) {
    const reply = await connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    parseTokenReply(reply);
    return reply;
  },
  inspect: async () => {
    throw new Error("not signed");
  },
};

test("every flow that succeeds is counted", async () => {
  let served = 0;
  const port = await serve((_request, response) => {
    served += 1;
    response.end('{"access_token":"a"}');
  });
  const result = await runClosedLoop({ port, flows: [flow, flow], seconds: 0.2 });
  expect(result).toMatchObject({ errors: 0, firstError: undefined });
  expect(result.latencies).toHaveLength(served);
  expect(served).toBeGreaterThan(2);
});

test("no more flows are begun than were asked for, by all connections together", async () => {
  const port = await serve((_request, response) => response.end('{"access_token":"a"}'));
  const { latencies } = await runClosedLoop({ port, flows: [flow, flow, flow], seconds: 60, maximumFlows: 100 });
  expect(latencies).toHaveLength(100);
});

test("a connection gives up after three wrong replies, and they are told", async () => {
  const port = await serve((_request, response) => response.writeHead(503).end("busy"));
  const result = await runClosedLoop({ port, flows: [flow, flow], seconds: 60 });
  expect(result).toMatchObject({ latencies: [], errors: 6, firstError: "token endpoint: 503 busy" });
});

test("a server that goes away is an error, not the end of the bench", async () => {
  const port = await serve((request) => request.socket.destroy());
  expect(await runClosedLoop({ port, flows: [flow], seconds: 60 })).toMatchObject({ latencies: [], errors: 3 });
});

test("a first reply that fails the inspection is an error", async () => {
  const port = await serve((_request, response) => response.end('{"access_token":"a"}'));
  expect(await runClosedLoop({ port, flows: [flow], seconds: 0.1, inspectsFirst: true })).toMatchObject({
    errors: 1,
    firstError: "not signed",
  });
});
