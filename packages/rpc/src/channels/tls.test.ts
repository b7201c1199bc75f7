import { describe, expect, test } from "vitest";
import { failureOf, registryAt, serveForTest } from "../contract/carrier-under-test.ts";
import { authority, clientCertificate, clientKey, serverCertificate, serverKey } from "../contract/certificates.ts";
import { callerOf } from "../stack/credentials.ts";
import type { ChannelOptions } from "./create-channel.ts";

const handlers = {
  getTenant: async (_request: object, context: Parameters<typeof callerOf>[0]) => ({ tenant: { name: callerOf(context) ?? "" } }),
};
const serverTls = { certificate: serverCertificate, key: serverKey };
const lookup = async () => ["127.0.0.1"];
const ample = { timeoutMilliseconds: 15_000 } as object;

describe.each(["grpcs", "muxs"])("%s:", (scheme) => {
  function at(url: string, host: string, options: ChannelOptions): ReturnType<typeof registryAt> {
    return registryAt(`${scheme}://${host}:${new URL(url).port}`, { lookup, ...options });
  }

  test("a call passes where the certificate is the host's and the authority is trusted", async () => {
    const { url } = await serveForTest("grpcs://127.0.0.1:0", handlers, { tls: serverTls });
    const client = at(url, "signet.test", { tls: { authorities: authority } });
    expect(await client.getTenant({}, ample)).toEqual({ tenant: expect.objectContaining({ name: "" }) });
  });

  test.each<[string, string, ChannelOptions]>([
    ["another host's certificate", "other.test", { tls: { authorities: authority } }],
    ["a certificate of an authority that is not trusted", "signet.test", {}],
  ])("nothing passes to a server with %s", async (_name, host, options) => {
    const { url } = await serveForTest("grpcs://127.0.0.1:0", handlers, { tls: serverTls });
    expect(await failureOf(at(url, host, options).getTenant({}, ample))).toMatchObject({ kind: "unavailable" });
  });

  test("nothing passes without TLS to a server that has it", async () => {
    const { url } = await serveForTest("grpcs://127.0.0.1:0", handlers, { tls: serverTls });
    const client = registryAt(`${scheme.slice(0, -1)}://127.0.0.1:${new URL(url).port}`);
    expect(await failureOf(client.getTenant({}, ample))).toMatchObject({ kind: "unavailable" });
  });

  describe("with client certificates", () => {
    const options = {
      tls: { ...serverTls, clientAuthorities: authority },
      credentials: { callers: [{ name: "the gateway", certificateName: "gateway", may: ["*"] }] },
    };

    test("a certificate shows who calls", async () => {
      const { url } = await serveForTest("grpcs://127.0.0.1:0", handlers, options);
      const tls = { authorities: authority, certificate: clientCertificate, key: clientKey };
      const client = at(url, "signet.test", { tls });
      expect((await client.getTenant({}, ample)).tenant?.name).toBe("the gateway");
    });

    test("nothing passes without one", async () => {
      const { url } = await serveForTest("grpcs://127.0.0.1:0", handlers, options);
      const client = at(url, "signet.test", { tls: { authorities: authority } });
      expect(await failureOf(client.getTenant({}, ample))).toMatchObject({ kind: "unavailable" });
    });
  });
});

test("a server does not listen at grpcs: without a certificate", async () => {
  await expect(serveForTest("grpcs://127.0.0.1:0", handlers)).rejects.toThrow("certificate");
});
