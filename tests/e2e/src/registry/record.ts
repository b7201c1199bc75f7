/**
 * Records what a foreign gRPC client and the registry say to one another, for foreign-client.test.ts to repeat:
 *
 *     node tests/e2e/src/registry/record.ts recordings/python.json python tests/e2e/src/registry/foreign-client.py
 *
 * Starts the services, and runs the command with two arguments more: the address of a proxy that writes down what passes, and a service token with
 * the right to write.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { startServices } from "@signet/testkit";
import { call, connectTo } from "./http2-call.ts";
import type { Recording } from "./recording.ts";

const [, , file, program, ...parameters] = process.argv;
if (file === undefined || program === undefined) throw new Error("usage: record.ts <file> <program> [parameter…]");

const signet = await startServices({ callers: ["foreign:write"] });
const [registry] = signet.replicas["client-registry"];
if (registry === undefined) throw new Error("there is no registry");
const connection = connectTo(registry.url);
const steps: Recording["steps"] = [];
let client = "";
let calls = 0;

async function forward(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
  const number = calls++;
  const body = Buffer.concat(await Array.fromAsync(stream));
  const path = String(headers[":path"]);
  const { authorization } = headers;
  const own = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(":") || name === "authorization" || typeof value !== "string" ? [] : [[name, value]],
    ),
  );
  client = own["user-agent"] ?? client;
  steps.push({
    step: "call",
    call: number,
    path,
    isAuthorized: authorization !== undefined,
    headers: own,
    sent: body.toString("hex"),
  });
  const forwarded = call(connection, path, body, authorization === undefined ? own : { ...own, authorization });
  let isOver = false;
  stream.on("close", () => {
    if (isOver) return;
    isOver = true;
    steps.push({ step: "cancel", call: number });
    forwarded.cancel();
  });
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  for (let message = await forwarded.next(); message !== undefined; message = await forwarded.next()) {
    steps.push({ step: "message", call: number, received: message.toString("hex") });
    stream.write(message);
  }
  if (isOver) return;
  isOver = true;
  const { status, message } = await forwarded.ended();
  steps.push({ step: "end", call: number, status, message });
  stream.on("wantTrailers", () =>
    stream.sendTrailers({ "grpc-status": String(status), "grpc-message": encodeURIComponent(message) }),
  );
  stream.end();
}

const proxy = createServer();
proxy.on("session", (session) => session.on("stream", (stream, headers) => void forward(stream, headers)));
proxy.listen(0, "127.0.0.1");
await once(proxy, "listening");
const address = proxy.address();
if (address === null || typeof address === "string") throw new Error("the proxy has no port");

const child = spawn(program, [...parameters, `127.0.0.1:${address.port}`, signet.tokenOf("foreign")], {
  stdio: ["ignore", "pipe", "inherit"],
});
const [printed] = await Promise.all([Array.fromAsync(child.stdout.setEncoding("utf8")), once(child, "close")]);
const recorded: Recording = { client, printed: printed.join("").trim().split("\n"), steps };
await writeFile(file, `${JSON.stringify(recorded, undefined, 2)}\n`);
connection.close();
proxy.close();
await signet.stop();
process.stdout.write(`${steps.length} steps of ${client}, which printed:\n${recorded.printed.join("\n")}\n`);
