import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type Application, newApplication, type Signet, startSignet, tokenRequest } from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { granted, outcome } from "./outcomes.ts";
import { slowdownBy } from "./slowdown.ts";

let signet: Signet;
let application: Application;
beforeAll(async () => {
  signet = await startSignet();
  application = await newApplication(signet, { metadata: { id_token_signed_response_alg: "ES256" } });
});
afterAll(() => signet.stop());

/** Connections that have begun a request, half of them in the head and half in the body, and go on with it a byte or a line at a time. */
async function slowConnections(count: number) {
  const { hostname, port } = new URL(signet.url);
  const head = `POST /oauth2/v1/token HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
  const sockets = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const socket = connect({ host: hostname, port: Number(port) }).on("error", () => {});
      await once(socket, "connect");
      socket.write(index % 2 === 0 ? head : `${head}Content-Length: 60000\r\n\r\n`);
      return socket;
    }),
  );
  let next = 0;
  const trickle = setInterval(() => {
    for (let turn = 0; turn < count / 100; turn++, next++) {
      const index = next % count;
      sockets[index]?.write(index % 2 === 0 ? `X-Slow-${next}: 1\r\n` : "a");
    }
  }, 10);
  return {
    end() {
      const open = sockets.filter((socket: Socket) => socket.readyState === "open").length;
      clearInterval(trickle);
      for (const socket of sockets) socket.destroy();
      expect(open, "connections that were slow all the while").toBe(count);
    },
  };
}

test("Q11: beside 1,000 slow connections the p99 of other requests is at most twice what it is without them", {
  timeout: 240_000,
}, async () => {
  const request = async () => {
    const reply = await tokenRequest(signet.url, application.client, { grant_type: "client_credentials" });
    await reply.arrayBuffer();
  };
  expect(await slowdownBy(request, () => slowConnections(1_000))).toBeLessThanOrEqual(2);
  expect(await outcome(tokenRequest(signet.url, application.client, { grant_type: "client_credentials" }))).toEqual(granted);
});
