import { expect, test } from "vitest";
import type { HttpConnection } from "./http-connection.ts";
import { expectMembers } from "./json-reply.ts";
import { repeatedRequest } from "./repeated-request.ts";

const flow = repeatedRequest("GET / HTTP/1.1\r\n\r\n", {
  marker: '"active":true',
  inspect: (members) => expectMembers(members, { active: true, sub: "alice" }),
});

function answering(status: number, body: string): HttpConnection {
  return {
    send: async () => ({ status, head: `HTTP/1.1 ${status} X\r\nContent-Type: application/json`, body }),
    close: () => undefined,
  };
}

test("a reply with the status and the marker passes, and the inspection sees all of its members", async () => {
  const alice = await flow.run(answering(200, '{"active":true,"sub":"alice"}'));
  await expect(flow.inspect(alice)).resolves.toBeUndefined();
  const bob = await flow.run(answering(200, '{"active":true,"sub":"bob"}'));
  await expect(flow.inspect(bob)).rejects.toThrow("sub");
});

test.each([
  [401, '{"active":true}'],
  [200, '{"active":false}'],
])("a %d with %s is a wrong reply", async (status, body) => {
  await expect(flow.run(answering(status, body))).rejects.toThrow(String(status));
});
