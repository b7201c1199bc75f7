import { resourceUsage } from "node:process";
import { gzipSync } from "node:zlib";
import { registry } from "@signet/contracts";
import { Status } from "nice-grpc-common";
import { describe, expect, test } from "vitest";
import { registryAt, serveForTest } from "../contract/carrier-under-test.ts";
import { delimited, gzippedZeros, rawGrpc } from "../contract/raw-grpc.ts";

const handlers = { getTenant: async ({ name }: { name: string }) => ({ tenant: { name } }) };
const unaryPath = "/signet.registry.v1.ClientRegistryService/GetTenant";
const muxPath = "/signet.mux.v1.MuxService/Connect";
const kibibytesPerMebibyte = 1024;

describe.each([
  ["plain gRPC", unaryPath],
  ["multiplexed calls", muxPath],
])("H2: a server of %s", (_name, path) => {
  test("answers a compressed message that grows beyond the limit with RESOURCE_EXHAUSTED, and does not grow itself", async () => {
    const { url } = await serveForTest("grpc://127.0.0.1:0", handlers);
    const bomb = delimited(await gzippedZeros(128), true);
    const before = resourceUsage().maxRSS;
    for (let count = 0; count < 3; count += 1) {
      expect(await rawGrpc(url, path, bomb, "gzip")).toMatchObject({ status: Status.RESOURCE_EXHAUSTED });
    }
    expect((resourceUsage().maxRSS - before) / kibibytesPerMebibyte).toBeLessThan(64);
    expect((await registryAt(url).getTenant({ name: "a" })).tenant?.name).toBe("a");
  });

  test("answers a message that says it is longer than the limit with RESOURCE_EXHAUSTED before it has come", async () => {
    const { url } = await serveForTest("grpc://127.0.0.1:0", handlers);
    const beginning = delimited(Buffer.alloc(1024), false, 2 ** 30);
    expect(await rawGrpc(url, path, beginning)).toMatchObject({ status: Status.RESOURCE_EXHAUSTED });
  });

  test("answers bytes that are no message with INVALID_ARGUMENT", async () => {
    const { url } = await serveForTest("grpc://127.0.0.1:0", handlers);
    const outcome = await rawGrpc(url, path, delimited(Buffer.from([0x0a, 0xff, 0xff, 0xff]), false));
    expect(outcome).toMatchObject({ status: Status.INVALID_ARGUMENT });
  });

  test("answers nothing but UNAUTHENTICATED to an unknown caller, whatever it sends", async () => {
    const credentials = { callers: [{ name: "gateway", tokens: ["g".repeat(32)], may: ["*"] }] };
    const { url } = await serveForTest("grpc://127.0.0.1:0", handlers, { credentials });
    const outcome = await rawGrpc(url, path, delimited(Buffer.from([0x0a, 0xff, 0xff, 0xff]), false));
    expect(outcome).toMatchObject({ status: Status.UNAUTHENTICATED });
  });
});

test("a compressed message within the limit is read", async () => {
  const { url } = await serveForTest("grpc://127.0.0.1:0", handlers);
  const message = registry.GetTenantRequest.encode({ name: "a".repeat(1000) }).finish();
  expect(await rawGrpc(url, unaryPath, delimited(gzipSync(message), true), "gzip")).toMatchObject({ status: Status.OK });
});
