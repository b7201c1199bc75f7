import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import {
  newApplication,
  obtainTokens,
  type RegisteredClient,
  refresh,
  registerClient,
  type SignetProcess,
  userinfo,
} from "@signet/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { type NewSignet, startNew, startReady, stop } from "./processes.ts";

interface Running extends NewSignet {
  readonly client: RegisteredClient;
}

async function running(): Promise<Running> {
  const started = await startNew();
  return { ...started, client: await registerClient(started.home) };
}

function connection(signet: SignetProcess): Socket {
  const socket = connect({ host: "localhost", port: Number(new URL(signet.url).port) });
  onTestFinished(() => void socket.destroy());
  return socket;
}

const body = "grant_type=client_credentials";

/** A token request of which Signet has read the headers, which it says by `100 Continue`, and waits for the body. */
async function acceptedRequest({ signet, client }: Running): Promise<Socket> {
  const credentials = Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64");
  const socket = connection(signet);
  const headers = ["Host: localhost", "Content-Type: application/x-www-form-urlencoded", `Content-Length: ${body.length}`];
  socket.write(
    `POST /oauth2/v1/token HTTP/1.1\r\n${headers.join("\r\n")}\r\nAuthorization: Basic ${credentials}\r\nExpect: 100-continue\r\n\r\n`,
  );
  const [said] = await once(socket, "data");
  expect(String(said)).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  return socket;
}

/** Resolves once nothing listens there any more. */
async function isClosed(signet: SignetProcess): Promise<void> {
  const isOpen = () =>
    new Promise<boolean>((resolve) => {
      const socket = connection(signet);
      socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    });
  while (await isOpen());
}

/** Sends the signal; how long the process goes on, in milliseconds, once it has been asked for. It has to end with 0. */
function end(signet: SignetProcess, signal: NodeJS.Signals): () => Promise<number> {
  const begun = performance.now();
  signet.signal(signal);
  return async () => {
    expect([await signet.ended(), signet.output()]).toEqual([0, expect.not.stringContaining('"level":"error"')]);
    return performance.now() - begun;
  };
}

describe.each(["SIGTERM", "SIGINT"] as const)("X14: at %s", (signal) => {
  test("requests that were accepted are finished, no others are taken, and the process ends with 0, also where the signal is repeated", async () => {
    const run = await running();
    const sockets = await Promise.all(Array.from({ length: 20 }, () => acceptedRequest(run)));
    const ended = end(run.signet, signal);
    await isClosed(run.signet);
    for (const again of ["SIGTERM", "SIGINT"] as const) run.signet.signal(again);
    const replies = await Promise.all(
      sockets.map((socket) => {
        socket.write(body);
        return text(socket);
      }),
    );
    for (const reply of replies) expect(reply).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\{"access_token":"[^"]+"/);
    expect(await ended()).toBeLessThan(5_000);
  });

  test("connections without a request hold nothing up", async () => {
    const run = await running();
    const [silent, keptAlive] = [connection(run.signet), connection(run.signet)];
    await once(silent, "connect");
    keptAlive.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(keptAlive, "data");
    expect(await end(run.signet, signal)()).toBeLessThan(5_000);
  });
});

test("X14: a request that does not come to its end is cut off, and the process ends with 0 within 10 seconds", async () => {
  const run = await running();
  const socket = await acceptedRequest(run);
  socket.on("error", () => undefined);
  const cutOff = once(socket, "close");
  expect(await end(run.signet, "SIGTERM")()).toBeLessThan(10_000);
  await cutOff;
});

test("what was issued before a stop is good after the next start", async () => {
  const { signet, environment, home } = await running();
  const application = await newApplication(home);
  const tokens = await obtainTokens(application);
  await stop(signet);
  await startReady({ ...environment, SIGNET_PORT: new URL(signet.url).port });
  expect((await userinfo(signet.url, tokens.access_token)).status).toBe(200);
  expect((await refresh(application, tokens.refresh_token)).status).toBe(200);
  expect((await obtainTokens({ ...application, person: { username: "nobody", password: "" } })).id_token).not.toBe("");
});
