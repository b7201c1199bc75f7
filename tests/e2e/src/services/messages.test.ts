import { execFile } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { createGzip } from "node:zlib";
import { type ServicesUnderTest, startServices } from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, connectTo } from "../registry/http2-call.ts";
import { rpcServices, statusOf } from "./deployed.ts";

const [resourceExhausted, unauthenticated] = [8, 16];
const mebibyte = 2 ** 20;
const bombMebibytes = 128;
const mayGrowMebibytes = 64;

let signet: ServicesUnderTest;
beforeAll(async () => {
  signet = await startServices();
});
afterAll(() => signet.stop());

const unaryPaths = {
  "client-registry": "/signet.registry.v1.ClientRegistryService/ListTenants",
  auth: "/signet.auth.v1.AuthService/ListUsers",
  token: "/signet.token.v1.TokenService/Jwks",
};
const muxPath = "/signet.mux.v1.MuxService/Connect";

/** A message, said to be so long, as gRPC delimits it. */
function message(bytes: Uint8Array, { isCompressed = false, declaredBytes = bytes.length } = {}): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(isCompressed ? 1 : 0, 0);
  prefix.writeUInt32BE(declaredBytes, 1);
  return Buffer.concat([prefix, bytes]);
}

/** So many mebibytes of zeros, compressed to a thousandth. */
async function compressedZeros(mebibytes: number): Promise<Buffer> {
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  gzip.on("data", (chunk: Buffer) => chunks.push(chunk));
  for (let count = 0; count < mebibytes; count++) if (!gzip.write(Buffer.alloc(mebibyte))) await once(gzip, "drain");
  gzip.end();
  await once(gzip, "end");
  return Buffer.concat(chunks);
}

/** How much memory the process holds, in MiB. */
async function residentMebibytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout) / 1024;
}

describe.each(rpcServices)("H2: %s", (name) => {
  const paths = [unaryPaths[name], muxPath];

  test("refuses a message that is too long, or grows so, with RESOURCE_EXHAUSTED, and does not grow itself", async () => {
    const { url, program } = signet.replicas[name][0] ?? expect.fail("there is no process");
    const connection = connectTo(url);
    const authorization = `Bearer ${signet.tokenOf("gateway")}`;
    const bomb = message(await compressedZeros(bombMebibytes), { isCompressed: true });
    const sent: [string, Buffer, Record<string, string>][] = [
      ["a bomb", bomb, { "grpc-encoding": "gzip" }],
      ["two mebibytes", message(Buffer.alloc(2 * mebibyte)), {}],
      ["one that says it has a gibibyte", message(Buffer.alloc(1024), { declaredBytes: 2 ** 30 }), {}],
    ];
    const before = await residentMebibytes(program.pid);
    let most = before;
    for (const path of paths) {
      for (const [what, body, headers] of sent) {
        for (let count = 0; count < 2; count++) {
          const status = await statusOf(call(connection, path, body, { authorization, ...headers }));
          expect([path, what, status]).toEqual([path, what, resourceExhausted]);
          most = Math.max(most, await residentMebibytes(program.pid));
        }
      }
    }
    expect(most - before).toBeLessThan(mayGrowMebibytes);
    connection.destroy();
  });
});

test("H2: what nobody known sends is refused unread", async () => {
  const { url } = signet.replicas.token[0] ?? expect.fail("there is no process");
  const connection = connectTo(url);
  const sent = message(Buffer.alloc(1024), { declaredBytes: 2 ** 30 });
  for (const path of [unaryPaths.token, muxPath])
    expect([resourceExhausted, unauthenticated]).toContain(await statusOf(call(connection, path, sent)));
  connection.destroy();
  expect((await fetch(`${signet.url}/oauth2/v1/certs`)).status).toBe(200);
});
