import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type Application, newApplication, type Signet, startSignet, tokenRequest } from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { granted, outcome } from "./outcomes.ts";

let signet: Signet;
let application: Application;
beforeAll(async () => {
  signet = await startSignet();
  application = await newApplication(signet, { metadata: { id_token_signed_response_alg: "ES256" } });
});
afterAll(() => signet.stop());

const rounds = 5;
const requestsPerRound = 200;

/** The 99th percentile of a token request's duration, in the best of a few rounds: what else the machine does is in the worst. */
async function bestP99(): Promise<number> {
  const percentiles: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const durations: number[] = [];
    for (let count = 0; count < requestsPerRound; count++) {
      const start = performance.now();
      const reply = await tokenRequest(signet.url, application.client, { grant_type: "client_credentials" });
      await reply.arrayBuffer();
      durations.push(performance.now() - start);
    }
    durations.sort((one, other) => one - other);
    percentiles.push(durations[Math.ceil(requestsPerRound * 0.99) - 1] ?? Number.POSITIVE_INFINITY);
  }
  return Math.min(...percentiles);
}

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
    open: () => sockets.filter((socket: Socket) => socket.readyState === "open").length,
    end() {
      clearInterval(trickle);
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** How much longer requests take beside 1,000 slow connections than without them. */
async function slowdown(): Promise<number> {
  const without = await bestP99();
  const slow = await slowConnections(1_000);
  const beside = await bestP99();
  const open = slow.open();
  slow.end();
  expect(open, "connections that were slow all the while").toBe(1_000);
  return beside / without;
}

test("Q11: beside 1,000 slow connections the p99 of other requests is at most twice what it is without them", {
  timeout: 60_000,
}, async () => {
  await bestP99();
  // Other test files run at the same time; a server that slow clients hold up is held up at every attempt.
  const slowdowns: number[] = [];
  do slowdowns.push(await slowdown());
  while (Math.min(...slowdowns) > 2 && slowdowns.length < 4);
  expect(Math.min(...slowdowns)).toBeLessThanOrEqual(2);
  expect(await outcome(tokenRequest(signet.url, application.client, { grant_type: "client_credentials" }))).toEqual(granted);
});
